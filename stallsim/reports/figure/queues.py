"""One panel: a connection's queues stacked, the phases behind them, and the numbers below."""

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import blended_transform_factory

from ...timeline.records import ConnectionInfo, PhaseEvent
from ...units import format_size
from ...views.outside import figure_text
from ...views.queue_colours import QUEUES, QueuePlace
from ...views.words import client_name
from ..found import Found
from ..tracks import QueueTrack, memory_within
from .text import plain

_SHADE, _ALPHA = "#e9e9e9", 0.6
_INFERRED_HATCH = "////"
_WIDE_ENOUGH = 0.011
"""The share of the axis's width that a letter takes. A phase narrower than its name shows only its
number.
"""
_APART = 0.022
"""The least distance between two numbers, as a share of the axis's width."""


def draw_queues(found: Found, track: QueueTrack, graph: Axes, listed: Axes, *, with_name: bool) -> None:
    """Draw into the upper axes; write the numbers at the start of each phase into the lower axes."""
    timeline, info = found.timeline, track.info
    assert timeline is not None, "a panel is of a timeline"
    outside = timeline.header is not None and timeline.header.probe is not None
    start = track.points[0].tick if outside else 0
    tick_s = timeline.scenario.tick_s
    seconds = [(one.tick - start) * tick_s for one in track.points]
    below = [0] * len(seconds)
    for queue in QUEUES:
        if queue.field in info.unknown:
            continue
        above = [low + getattr(one, queue.field) for low, one in zip(below, track.points, strict=True)]
        graph.fill_between(seconds, below, above, step="post", **_look(queue, info))
        below = above
    memory = memory_within(timeline, track)
    if memory:
        read_s = [(one.tick - start) * tick_s for one in memory]
        grown = [max(0, one.rss_bytes - memory[0].rss_bytes) for one in memory]
        graph.plot(read_s, grown, color="black", linestyle=":", drawstyle="steps-post")
    others = graph.get_shared_x_axes().get_siblings(graph)
    reach = [one.get_xlim()[1] for one in others if one is not graph and one.has_data()]
    graph.set_xlim(0, max([*reach, seconds[-1], tick_s]))
    high = [one.get_ylim()[1] for one in others if one is not graph and one.has_data()]
    graph.set_ylim(0, max([*high, max(below) * 1.2, 1.0]))
    graph.yaxis.set_major_formatter(FuncFormatter(lambda size, _: format_size(size)))
    name = client_name(timeline, info.connection)
    label = f"{found.name}: {name}" if with_name else name
    graph.set_title(plain(label, 80), loc="left", fontsize=11, fontweight="bold")
    graph.set_xlabel("seconds" if outside else "seconds of scenario time")
    phases = list(track.phases)
    begins = [(one.tick - start) * tick_s for one in phases]
    _shade(graph, phases, begins, seconds[-1])
    _list(listed, info, phases, begins)


def legend_of(panels: Sequence[tuple[Found, QueueTrack]]) -> tuple[list[Artist], list[str]]:
    """The legend for every pattern that occurs in any of the panels."""
    handles: list[Artist] = []
    labels: list[str] = []
    for queue in QUEUES:
        for inferred in (False, True):
            shown = [
                track.info
                for _, track in panels
                if queue.field not in track.info.unknown
                and (queue.field in track.info.inferred) == inferred
            ]
            if shown:
                handles.append(Patch(**_look(queue, shown[0])))
                name = queue.inferred_name or queue.name
                labels.append(f"{name} ~ (inferred)" if inferred else queue.name)
    if any(found.timeline is not None and memory_within(found.timeline, track) for found, track in panels):
        handles.append(Line2D([], [], color="black", linestyle=":"))
        labels.append("server's memory, growth (RSS)")
    return handles, labels


def _look(queue: QueuePlace, info: ConnectionInfo) -> dict[str, Any]:
    """The style of a queue: coloured with its own hatch; if its bytes are inferred, only a wide hatch."""
    inferred = queue.field in info.inferred
    return {
        "facecolor": "none" if inferred else (queue.colour, _ALPHA),
        "edgecolor": queue.colour if inferred else "black",
        "hatch": _INFERRED_HATCH if inferred else queue.hatch,
        "linewidth": 0.7,
    }


def _shade(graph: Axes, phases: Sequence[PhaseEvent], begins: Sequence[float], last: float) -> None:
    """Every second phase on grey; at the top its number, and its name if there is room."""
    whole = graph.get_xlim()[1]
    place = blended_transform_factory(graph.transData, graph.transAxes)
    free = 0.0
    for number, (phase, begin) in enumerate(zip(phases, begins, strict=True), start=1):
        end = begins[number] if number < len(begins) else last
        if number % 2 == 0:
            graph.axvspan(begin, end, color=_SHADE, zorder=0, linewidth=0)
        graph.axvline(begin, color="#9a9a9a", linewidth=0.6, zorder=0.5)
        named = f"{number} {phase.phase.value}"
        text = named if (end - begin) / whole > _WIDE_ENOUGH * len(named) else f"{number}"
        at = max(begin, free)
        free = at + (_WIDE_ENOUGH * len(text) if text == named else _APART) * whole
        graph.text(at, 0.985, f" {text}", transform=place, va="top", fontsize=9)


def _list(
    listed: Axes, info: ConnectionInfo, phases: Sequence[PhaseEvent], begins: Sequence[float]
) -> None:
    """A line for each phase: the time of its start, and the bytes in each queue at that time."""
    listed.axis("off")
    columns = (0.0, 0.2, 0.36, 0.52, 0.68, 0.84)
    for number, (phase, begin) in enumerate(zip(phases, begins, strict=True), start=1):
        counts = [f"{_SHORT[one.field]} {figure_text(info, phase.sample, one.field)}" for one in QUEUES]
        words = [f"{number} {phase.phase.value}", f"{begin:.3f} s", *counts]
        line = 1 - (number - 0.5) / len(phases)
        for place, text in zip(columns, words, strict=True):
            family = "monospace" if place else None
            listed.text(
                place, line, text, transform=listed.transAxes, fontsize=8.5, va="center", family=family
            )


_SHORT = {"held_bytes": "held", "rcvq_bytes": "receive", "outq_bytes": "send", "queue_bytes": "queue"}
