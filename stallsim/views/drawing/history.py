"""A graph of every queue over the run so far: one column for a stretch of ticks.

A column shows the largest reading of its ticks (the window: the smallest, so that a closed window is
never missed). A column whose ticks have passed never changes, and is computed once.
"""

from typing import NamedTuple

from rich.style import Style

from ...sample import Sample
from ...units import format_size
from .frame import Row
from .moments import Moments
from .palette import DIM, HELD, PLAIN, QUEUE, RECEIVE, SEND, WINDOW, Glyphs
from .scale import round_scale

LABEL_CELLS = 10
SCALE_CELLS = 8


class Series(NamedTuple):
    """What one graph shows; ``limit`` is the field of the sample that bounds it, if one does."""

    label: str
    field: str
    limit: str | None
    style: Style


SERIES = (
    Series("inside", "held_bytes", None, HELD),
    Series("receive", "rcvq_bytes", "rcvbuf_bytes", RECEIVE),
    Series("window", "snd_wnd_bytes", None, WINDOW),
    Series("send", "outq_bytes", "sndbuf_bytes", SEND),
    Series("queue", "queue_bytes", None, QUEUE),
)
"""From the client to the producer, like the tanks."""


class History:
    """The graphs of a timeline."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self._columns: dict[tuple[int, str, int, int], list[int]] = {}

    def rows(
        self, connection: int, tick: int, ticks: int, width: int, height: int, glyphs: Glyphs
    ) -> list[Row]:
        """The graphs in ``height`` rows; ``ticks`` is how many the whole run has.

        The rows are shared out evenly, and where that does not work out, those nearest the server's
        memory have more; where there are fewer rows than graphs, they are kept. With a row for each
        graph and one more, the last one is the axis.
        """
        now = self._moments.sample(connection, tick)
        if now is None or height < 1:
            return []
        kept = SERIES[-min(height, len(SERIES)) :]
        each, extra = divmod(max(height - 1, len(kept)), len(kept))
        room = width - LABEL_CELLS - SCALE_CELLS
        rows: list[Row] = []
        for place, series in enumerate(kept, start=1):
            values = self.columns(connection, series.field, tick, ticks, max(1, room))
            scale = self._scale(series, connection, now, tick)
            rows += _graph(series, values, scale, room, each + (place > len(kept) - extra), glyphs)
        if len(rows) < height:
            rows.append(self._axis(connection, tick, ticks, room, glyphs))
        return rows

    def columns(self, connection: int, field: str, tick: int, ticks: int, width: int) -> list[int]:
        """One value for each column up to the one that ``tick`` lies in."""
        done = self._columns.setdefault((connection, field, ticks, width), [])
        last = max(tick * width // ticks, (tick + 1) * width // ticks - 1)
        last = min(width - 1, last)
        while len(done) < last:
            done.append(self._column(connection, field, len(done), tick, ticks, width))
        return [*done[:last], self._column(connection, field, last, tick, ticks, width)]

    def _column(self, connection: int, field: str, column: int, tick: int, ticks: int, width: int) -> int:
        begin = column * ticks // width
        end = min(tick, max(begin, (column + 1) * ticks // width - 1))
        first = max(0, self._moments.index(connection, begin - 1))
        last = self._moments.index(connection, end)
        series = self._moments.timeline.samples[connection]
        pick = min if field == "snd_wnd_bytes" else max
        # no sample of its own (more columns than ticks, or an ended connection): as it was before
        values = series[first:last] or series[max(0, last - 1) : last]
        return int(pick((getattr(sample, field) for sample in values), default=0))

    def _scale(self, series: Series, connection: int, now: Sample, tick: int) -> int:
        peak = self._moments.peak(connection, series.field, tick)
        limit = getattr(now, series.limit) if series.limit else 0
        return max(int(limit), peak) if limit else round_scale(peak)

    def _axis(self, connection: int, tick: int, ticks: int, room: int, glyphs: Glyphs) -> Row:
        """Tick 0, the last tick, and the ticks at which phases began, where there is room."""
        cells = [glyphs.line] * room
        marks = [phase.tick for phase in self._moments.phases(connection, tick)]
        free = 0
        for mark in [0, *marks]:
            text = f"{mark}"
            place = min(room - 1, mark * room // max(1, ticks))
            if place >= free and place + len(text) <= room:
                cells[place : place + len(text)] = text
                free = place + len(text) + 1
        return [
            (f"{'tick':<{LABEL_CELLS}}", DIM),
            ("".join(cells), DIM),
            (f"{ticks - 1:>{SCALE_CELLS}}", DIM),
        ]


def _graph(
    series: Series, values: list[int], scale: int, room: int, height: int, glyphs: Glyphs
) -> list[Row]:
    """One graph; the top row is never quite full, so that two graphs do not touch."""
    most = 8 * height - 1
    levels = [max(1, min(most, round(most * value / scale))) if value else 0 for value in values]
    rows: list[Row] = []
    for number in range(height - 1, -1, -1):
        cells = "".join(glyphs.levels[max(0, min(8, level - 8 * number))] for level in levels)
        label = series.label if number == 0 else ""
        top = format_size(scale) if number == height - 1 else ""
        rows.append(
            [
                (f"{label:<{LABEL_CELLS}}", PLAIN),
                (f"{cells:<{max(0, room)}}", series.style),
                (f"{top:>{SCALE_CELLS}}", DIM),
            ]
        )
    return rows
