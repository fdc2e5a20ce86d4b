"""Shows one connection of a watch: the evidence for its word, and its queues over time."""

import textwrap
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.style import Style

from ...timeline.watched import Snapshot, WatchedConnection
from ...units import format_seconds, format_size
from ..clean import clean
from ..drawing.frame import Row, heading
from ..drawing.history import LABEL_CELLS, SCALE_CELLS, Series, graph
from ..drawing.palette import DIM, PLAIN, QUEUE, SEND, WINDOW, Glyphs
from ..drawing.scale import round_scale
from .cells import lasted

_GRAPHS_MAX = 60
"""A graph shows at most four times as many looks as this; older ones are left out."""


class _Over(NamedTuple):
    label: str
    value: Callable[[WatchedConnection], int | None]
    style: Style


_SERIES = (
    _Over("window", lambda one: one.window_bytes, WINDOW),
    _Over("unsent", lambda one: one.unsent_bytes, SEND),
    _Over("pinned", lambda one: one.pinned_bytes, QUEUE),
)


def detail_rows(
    one: WatchedConnection, looks: Sequence[Snapshot], width: int, height: int, glyphs: Glyphs
) -> list[Row]:
    """At most ``height`` rows about a connection; the last of ``looks`` is the one that is shown."""
    rows: list[Row] = [heading(f" {clean(one.peer, 60)}: {one.word} for {lasted(one)}", width, glyphs)]
    for text, style in ((one.why, PLAIN), (_facts(one), DIM)):
        rows += [[(f" {line}", style)] for line in textwrap.wrap(clean(text), max(10, width - 2))]
    rows = rows[:height]
    room = width - LABEL_CELLS - SCALE_CELLS
    each = (height - len(rows)) // len(_SERIES)
    if each < 1 or room < 1:
        return rows
    history = [_at(look, one.cookie) for look in looks[-min(room, _GRAPHS_MAX * 4) :]]
    for over in _SERIES:
        values = [0 if then is None else over.value(then) or 0 for then in history]
        series = Series(over.label, "", None, over.style)
        rows += graph(series, values, round_scale(max(values, default=0)), room, each, glyphs)
    return rows


def _at(look: Snapshot, cookie: int) -> WatchedConnection | None:
    return next((one for one in look.connections if one.cookie == cookie), None)


def _facts(one: WatchedConnection) -> str:
    parts = [f"port {one.port}", one.state]
    if one.inflight_bytes is not None:
        parts.append(f"in flight {format_size(one.inflight_bytes)}")
    if one.sndbuf_bytes is not None and one.pinned_bytes is not None:
        parts.append(f"send buffer {format_size(one.pinned_bytes)} of {format_size(one.sndbuf_bytes)}")
    if one.limited_share is not None:
        parts.append(
            f"the window limited the server for {100 * one.limited_share:.0f}% of its sending time"
        )
    if one.answered_ago_s is not None:
        parts.append(f"the peer's kernel acknowledged {format_seconds(max(0.001, one.answered_ago_s))} ago")
    if one.shuts_in_s is not None:
        parts.append(
            f"the window is shut in {format_seconds(max(0.001, one.shuts_in_s))} if it shrinks on like this"
        )
    if one.due_bytes is not None:
        parts.append(f"up to ~{format_size(one.due_bytes)} was due to this client (estimate)")
    return "; ".join(parts)
