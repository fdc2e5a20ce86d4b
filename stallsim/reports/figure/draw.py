"""Draws a report's subjects into a file: chooses the panels and arranges them."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from ...errors import ReportError
from ...kinds import Stalls
from ..found import Found
from ..tracks import QueueTrack, tracks_of
from .fleet import figure_of_fleets
from .queues import draw_queues, legend_of
from .text import plain
from .words import draw_words

_PANELS_MAX = 6
_WIDTH_IN, _PANEL_IN, _PHASE_IN, _HEAD_IN = 11.0, 3.6, 0.22, 1.0
_STYLE: Any = {
    "font.size": 11,
    "hatch.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,  # a server's words are no mathematics
    "svg.hashsalt": "stallsim",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}
_DEFAULTS: Any = {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}
"""Also if another program in this process has imported matplotlib with other settings."""


def draw(found: Sequence[Found], out: BinaryIO, file_format: str) -> None:
    """Draw all subjects into ``out``. Raises ReportError if a subject has nothing to draw."""
    with mpl.rc_context(_DEFAULTS | _STYLE):
        matrices = [one for one in found if one.matrix is not None]
        if matrices and len(matrices) < len(found):
            raise ReportError("a recording and a matrix have no axis in common: draw a figure for each")
        fleets = [one for one in found if one.account.kind == "fleet"]
        if fleets and len(fleets) < len(found):
            raise ReportError("a fleet has no axis in common with other subjects: draw a figure for each")
        figure = (
            _of_words(matrices) if matrices else figure_of_fleets(fleets) if fleets else _of_queues(found)
        )
        # Without a date, the same recording gives the same file.
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(file_format)
        figure.savefig(out, format=file_format, dpi=150, metadata=metadata)


def _of_queues(found: Sequence[Found]) -> Figure:
    panels = list(_panels(found))
    heights = [_PANEL_IN + _list_in(track) for _, track in panels]
    layout = ConstrainedLayoutEngine(hspace=0.06)
    figure = Figure(figsize=(_WIDTH_IN, _HEAD_IN + sum(heights)), layout=layout)
    title = "; ".join(dict.fromkeys(f"{one.account.kind} {one.account.title}" for one in found))
    outcome = "; ".join(f"{one.account.outcome}" for one in found)
    figure.suptitle(f"{plain(title, 110)}\n{plain(outcome, 110)}", fontsize=13)
    ratios = [part for (_, track) in panels for part in (_PANEL_IN, _list_in(track))]
    every = figure.subplots(2 * len(panels), 1, squeeze=False, height_ratios=ratios)
    graphs, lists = every[0::2, 0], every[1::2, 0]
    for axes in graphs[1:]:  # all panels share their scales, so that they can be compared
        axes.sharex(graphs[0])
        axes.sharey(graphs[0])
    for (one, track), graph, listed in zip(panels, graphs, lists, strict=True):
        draw_queues(one, track, graph, listed, with_name=len(found) > 1)
    handles, labels = legend_of(panels)
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=10)
    return figure


def _list_in(track: QueueTrack) -> float:
    """The height, in inches, of the list of the connection's phases."""
    return _PHASE_IN * max(1, len(list(track.phases)))


def _panels(found: Sequence[Found]) -> Iterator[tuple[Found, QueueTrack]]:
    """The stalled clients of a single subject; of several subjects, the first such client of each."""
    shown = 0
    for one in found:
        if one.timeline is None:
            raise ReportError(f"{one.name}: a result has no samples to draw; report the recording instead")
        tracks = tracks_of(one.timeline)
        stalled = [track for track in tracks if track.info.stalls is not Stalls.NEVER] or tracks
        if not stalled:
            raise ReportError(f"{one.name}: no connection was sampled, so there is nothing to draw")
        for track in stalled[: 1 if len(found) > 1 else _PANELS_MAX]:
            shown += 1
            if shown > _PANELS_MAX:
                raise ReportError(f"expected at most {_PANELS_MAX} recordings for one figure")
            yield one, track


def _of_words(found: Sequence[Found]) -> Figure:
    tables = [table for one in found for table in one.account.tables]
    if not tables:
        raise ReportError("no cell of the matrix was run, so there is nothing to draw")
    rows = [len(table.rows) + 3 for table in tables]
    width = max(len(table.columns) for table in tables)
    figure = Figure(figsize=(2.4 + 0.85 * width, 0.3 * sum(rows)), layout="constrained")
    axes = figure.subplots(len(tables), 1, squeeze=False, height_ratios=rows)
    for table, one in zip(tables, axes[:, 0], strict=True):
        draw_words(table, one)
    return figure
