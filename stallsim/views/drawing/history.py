"""Draws a graph of every queue over the run so far; one column shows a range of ticks.

A column shows the largest value in its ticks (for the window the smallest, so that a shut window always
shows). A column whose ticks have passed never changes, so it is computed once.
"""

from collections.abc import Callable
from typing import NamedTuple

from rich.style import Style

from ...timeline.sample import Sample
from ...units import format_size
from .frame import Row
from .moments import Moments
from .outside import NAME
from .palette import DIM, HELD, PLAIN, QUEUE, RECEIVE, SEND, WINDOW, Glyphs
from .scale import round_scale
from .tried_stalls import Stretch

LABEL_CELLS = 10
SCALE_CELLS = 8


class Series(NamedTuple):
    """The field that one graph shows; ``limit`` is the field that bounds it, if there is one."""

    label: str
    field: str
    limit: str | None
    style: Style


MEMORY = "memory"
"""The memory of a probed server's processes; not a field of a sample."""
SERIES = (
    Series("inside", "held_bytes", None, HELD),
    Series("receive", "rcvq_bytes", "rcvbuf_bytes", RECEIVE),
    Series("window", "snd_wnd_bytes", None, WINDOW),
    Series("send", "outq_bytes", "sndbuf_bytes", SEND),
    Series("queue", "queue_bytes", None, QUEUE),
)
"""The graphs in the order of the tanks, from the client to the producer."""
_OUTSIDE = (*SERIES[:-1], Series(NAME, "queue_bytes", None, QUEUE), Series("memory +", MEMORY, None, PLAIN))


class History:
    """The graphs of a timeline."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self._columns: dict[tuple[int, str, Stretch, int], list[int]] = {}

    def rows(
        self, connection: int, tick: int, stretch: Stretch, width: int, height: int, glyphs: Glyphs
    ) -> list[Row]:
        """The graphs in ``height`` rows; ``stretch`` is the whole run, or one stall of a probe.

        Every graph gets the same number of rows; the rows left over go to those nearest to the server's
        memory. If there are fewer rows than graphs, only those are drawn. The last row is the axis, if
        there is at least one row more than graphs.
        """
        now = self._moments.sample(connection, tick)
        if now is None or height < 1:
            return []
        every = self._series(connection)
        kept = every[-min(height, len(every)) :]
        each, extra = divmod(max(height - 1, len(kept)), len(kept))
        room = width - LABEL_CELLS - SCALE_CELLS
        rows: list[Row] = []
        for place, series in enumerate(kept, start=1):
            values = self.columns(connection, series.field, tick, stretch, max(1, room))
            scale = self._scale(series, connection, now, tick, stretch)
            rows += graph(series, values, scale, room, each + (place > len(kept) - extra), glyphs)
        if len(rows) < height:
            rows.append(self._axis(connection, tick, stretch, room, glyphs))
        return rows

    def columns(self, connection: int, field: str, tick: int, stretch: Stretch, width: int) -> list[int]:
        """One value for each column, up to the column that contains ``tick``."""
        done = self._columns.setdefault((connection, field, stretch, width), [])
        at, ticks = min(tick - stretch.first, stretch.ticks - 1), stretch.ticks
        if at < 0:
            return []
        last = max(at * width // ticks, (at + 1) * width // ticks - 1)
        last = min(width - 1, last)
        while len(done) < last:
            done.append(self._column(connection, field, len(done), tick, stretch, width))
        return [*done[:last], self._column(connection, field, last, tick, stretch, width)]

    def _column(
        self, connection: int, field: str, column: int, tick: int, stretch: Stretch, width: int
    ) -> int:
        begin = stretch.first + column * stretch.ticks // width
        end = stretch.first + (column + 1) * stretch.ticks // width - 1
        end = min(tick, max(begin, end))
        if field == MEMORY:
            memory = self._moments.memory
            read = memory(connection, begin, end) or memory(connection, stretch.first, end)[-1:]
            return max(0, max(read, default=0) - self._memory_base(connection, stretch))
        first = max(0, self._moments.index(connection, begin - 1))
        last = self._moments.index(connection, end)
        series = self._moments.timeline.samples[connection]
        pick = min if field == "snd_wnd_bytes" else max
        # A column may have no sample (more columns than ticks, or an ended connection): the value stays as
        # before.
        values = series[first:last] or series[max(0, last - 1) : last]
        return int(pick((getattr(sample, field) for sample in values), default=0))

    def _series(self, connection: int) -> tuple[Series, ...]:
        if not self._moments.outside:
            return SERIES
        unknown = self._moments.timeline.connections[connection].unknown
        memory = bool(self._moments.timeline.memory_beside(connection))
        return tuple(
            one for one in _OUTSIDE if one.field not in unknown and (memory or one.field != MEMORY)
        )

    def _memory_base(self, connection: int, stretch: Stretch) -> int:
        """The server's memory before the stall; the graph shows the growth since then."""
        last = stretch.first + stretch.ticks - 1
        return next(iter(self._moments.memory(connection, stretch.first, last)), 0)

    def _scale(self, series: Series, connection: int, now: Sample, tick: int, stretch: Stretch) -> int:
        if series.field == MEMORY:
            most = max(self._moments.memory(connection, stretch.first, tick), default=0)
            return round_scale(max(0, most - self._memory_base(connection, stretch)))
        peak = self._moments.peak(connection, series.field, tick)
        limit = getattr(now, series.limit) if series.limit else 0
        return max(int(limit), peak) if limit else round_scale(peak)

    def _axis(self, connection: int, tick: int, stretch: Stretch, room: int, glyphs: Glyphs) -> Row:
        """The first and the last tick, and the ticks at which phases began, if there is room."""
        cells = [glyphs.line] * room
        marks = [phase.tick for phase in self._moments.phases(connection, tick)]
        free = 0
        for mark in [stretch.first, *marks]:
            text = self._moments.when(mark)
            place = min(room - 1, (mark - stretch.first) * room // max(1, stretch.ticks))
            if place >= free and place + len(text) <= room:
                cells[place : place + len(text)] = text
                free = place + len(text) + 1
        last = self._moments.when(stretch.first + stretch.ticks - 1)
        unit = "s" if self._moments.outside else "tick"
        return [(f"{unit:<{LABEL_CELLS}}", DIM), ("".join(cells), DIM), (f"{last:>{SCALE_CELLS}}", DIM)]


def graph(
    series: Series,
    values: list[int],
    scale: int,
    room: int,
    height: int,
    glyphs: Glyphs,
    written: Callable[[int], str] = format_size,
) -> list[Row]:
    """One graph. Its top row is never completely full, so that two graphs do not touch.

    ``written`` formats the value at the top of its scale.
    """
    most = 8 * height - 1
    levels = [max(1, min(most, round(most * value / scale))) if value else 0 for value in values]
    rows: list[Row] = []
    for number in range(height - 1, -1, -1):
        cells = "".join(glyphs.levels[max(0, min(8, level - 8 * number))] for level in levels)
        label = series.label if number == 0 else ""
        top = written(scale) if number == height - 1 else ""
        rows.append(
            [
                (f"{label:<{LABEL_CELLS}}", PLAIN),
                (f"{cells:<{max(0, room)}}", series.style),
                (f"{top:>{SCALE_CELLS}}", DIM),
            ]
        )
    return rows
