"""A fleet over time, drawn as SVG within the page, without a script, in the colours of the page.

Four panels on one time axis: the clients, the send queues as a heat map, memory, the witnesses' Pings.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from math import log

from ...timeline.events.fleet import FleetGrows
from ...timeline.fleet.pings import P99_PONGS_MIN, known_p99_s
from ...timeline.fleet.reading import Reading
from ...timeline.records import Event
from ...timeline.timeline import Timeline
from ...units import format_count, format_seconds, format_size
from ...views.fleet.table import octaves

_WIDTH, _LEFT, _RIGHT, _PANEL, _HEAD, _FOOT = 1000, 80, 10, 120, 26, 24
_COLUMNS_MAX, _READINGS_MIN = 240, 2
_FAINTEST = 0.15
_LINES = ("plain", "dashed", "dotted")
"""Classes of page.css, so that series can be distinguished without colour."""

Series = tuple[str, Sequence[float | None]]


def fleet_drawing(timeline: Timeline) -> Iterator[str]:
    """The drawing; nothing if there are fewer than two readings."""
    every = list(timeline.fleet.merged())
    readings = every[:: -(-len(every) // _COLUMNS_MAX) or 1]
    if len(readings) < _READINGS_MIN:
        return
    drawing = _Drawing(timeline, readings)
    looks = [one.look for one in readings]
    seen = [one.witnessed for one in readings]
    panels = [
        drawing.lines(
            "clients",
            format_count_of,
            ("open", [one.open for one in readings]),
            ("stalled (the kernel confirms it)", [None if one is None else one.stalled for one in looks]),
            ("never opened, or ended", [one.tally.unopened_count + one.ended for one in readings]),
        ),
        drawing.queues(),
        drawing.lines(
            "memory",
            format_size,
            ("the server's processes", [one.rss_bytes for one in readings]),
            ("all TCP of the machine", [one.tcp_memory_bytes for one in readings]),
            ("the fleet's sockets (read once a size)", timeline.fleet.charged_bytes(readings)),
        ),
        drawing.lines(
            "Ping of a witness",
            format_seconds,
            (f"p99 (of {P99_PONGS_MIN} Pongs or more)", [known_p99_s(one) for one in seen]),
            ("p50", [None if one is None else one.p50_s for one in seen]),
            ("the longest", [None if one is None or not one.worst_s else one.worst_s for one in seen]),
        ),
    ]
    height = len(panels) * (_HEAD + _PANEL) + _FOOT
    yield f'<svg class="fleet" role="img" aria-label="the fleet over time" viewBox="0 0 {_WIDTH} {height}">'
    for number, panel in enumerate(panels):
        yield f'<g transform="translate(0 {number * (_HEAD + _PANEL) + _HEAD})">{"".join(panel)}</g>'
    yield from drawing.seconds(height - _FOOT + 16)
    yield "</svg>"


def format_count_of(number: float) -> str:
    """A number of clients as text."""
    return format_count(round(number))


class _Drawing:
    def __init__(self, timeline: Timeline, readings: Sequence[Reading]) -> None:
        self._tick_s, self._readings = timeline.scenario.tick_s, readings
        self._ticks = [one.tick for one in readings]
        self._grown = [
            one.tick
            for one in timeline.happenings
            if isinstance(one, Event) and isinstance(one.what, FleetGrows)
        ]

    def lines(self, title: str, words: Callable[[float], str], *series: Series) -> Iterator[str]:
        known = [value for _, values in series for value in values if value is not None]
        most = max(known, default=0) or 1
        yield from self._frame(title, words(most), words(0) if title == "clients" else "0")
        at = _LEFT + 8.0 * len(title) + 16
        for (name, values), line in zip(series, _LINES, strict=False):
            yield f'<line class="{line}" x1="{at:.0f}" x2="{at + 24:.0f}" y1="-9" y2="-9"/>'
            yield f'<text x="{at + 30:.0f}" y="-5">{escape(name)}</text>'
            at += 30 + 7.0 * len(name) + 24
            for piece in _pieces(self._ticks, values):
                points = [(f"{self._x(t):.1f}", f"{_PANEL - _PANEL * v / most:.1f}") for t, v in piece]
                if len(points) == 1:
                    yield f'<circle class="{line}" cx="{points[0][0]}" cy="{points[0][1]}" r="3"/>'
                else:
                    yield f'<polyline class="{line}" points="{" ".join(map(",".join, points))}"/>'

    def queues(self) -> Iterator[str]:
        """A heat map of the number of send queues by size and time: the darker, the more."""
        columns = [octaves(one.look.queues) if one.look is not None else [] for one in self._readings]
        rows = max(map(len, columns))
        whose = any(one.look is not None and one.look.of_clients for one in self._readings)
        title = "not read by the clients, by size" if whose else "send queues by size"
        yield from self._frame(
            title, format_size(1 << rows - 2) if rows > 1 else "", "empty" if rows else "?"
        )
        most = max((count for column in columns for count in column), default=0)
        ends = [*self._ticks[1:], self._ticks[-1] + (self._ticks[-1] - self._ticks[-2])]
        for tick, end, column in zip(self._ticks, ends, columns, strict=True):
            left, right = self._x(tick), min(self._x(end), _WIDTH - _RIGHT)
            for row, count in enumerate(column):
                if count and right > left:
                    top, shade = _PANEL - _PANEL * (row + 1) / rows, _shade(count, most)
                    yield (
                        f'<rect class="queue" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
                        f'height="{_PANEL / rows:.1f}" fill-opacity="{shade:.2f}"><title>'
                        f"{_octave(row)}: {format_count(count)}</title></rect>"
                    )

    def seconds(self, y: float) -> Iterator[str]:
        """The time axis below all panels."""
        for tick, anchor in ((self._ticks[0], "start"), (self._ticks[-1], "end")):
            text = format_seconds(tick * self._tick_s) if tick else "0 s"
            yield f'<text x="{self._x(tick):.0f}" y="{y:.0f}" text-anchor="{anchor}">{text}</text>'
        middle, words = _WIDTH / 2, "at a dashed line the fleet grows"
        yield f'<text x="{middle:.0f}" y="{y:.0f}" text-anchor="middle">{words}</text>'

    def _frame(self, title: str, top: str, bottom: str) -> Iterator[str]:
        yield f'<text x="{_LEFT}" y="-5" class="title">{escape(title)}</text>'
        yield f'<text x="{_LEFT - 6}" y="10" text-anchor="end">{escape(top)}</text>'
        yield f'<text x="{_LEFT - 6}" y="{_PANEL}" text-anchor="end">{escape(bottom)}</text>'
        yield f'<path class="axis" d="M{_LEFT} 0V{_PANEL}H{_WIDTH - _RIGHT}"/>'
        for tick in self._grown:
            yield f'<path class="grows" d="M{self._x(tick):.1f} 0V{_PANEL}"/>'

    def _x(self, tick: float) -> float:
        first, last = self._ticks[0], self._ticks[-1]
        share = (tick - first) / (last - first) if last > first else 0.0
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(1.0, max(0.0, share))


def _pieces(ticks: Sequence[int], values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Ranges of consecutive known values, so that a line does not cross unknown ones."""
    piece: list[tuple[int, float]] = []
    for tick, value in zip(ticks, values, strict=True):
        if value is not None:
            piece.append((tick, value))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _shade(count: int, most: int) -> float:
    """The opacity on a logarithmic scale, so that a single client is faint but visible."""
    return _FAINTEST + (1 - _FAINTEST) * log(count + 1) / log(most + 1)


def _octave(row: int) -> str:
    """The range of queue sizes in one row."""
    return "empty" if row == 0 else f"{format_size(1 << row - 1)} to twice that"
