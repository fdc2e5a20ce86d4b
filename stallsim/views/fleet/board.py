"""The dashboard of a fleet: clients by state, memory, the witnesses, and the queues over time.

A frame is a pure function of the moments up to one of them, width and height.
"""

from collections.abc import Callable, Sequence

from ...timeline.fleet.pings import slow_ping
from ...units import format_count, format_seconds
from ..drawing.controls import Controls
from ..drawing.frame import Frame, Row, heading, row_width, spread
from ..drawing.history import LABEL_CELLS, SCALE_CELLS, Series, graph
from ..drawing.palette import BOLD, DIM, GOOD, PLAIN, UNICODE, Glyphs
from ..drawing.scale import round_scale
from .figures import figure_rows, log_rows, step_rows, title_row
from .heat import heat_rows, over_time, shade_legend
from .moments import FleetMoment, FleetMoments

_HEAT_ROWS_MIN, _GRAPH_ROWS = 5, 3
_HELP = (
    ("space", "freeze, and continue; in a recording: pause, and continue"),
    ("left, right", "in a recording: one reading back or forward; with shift ten"),
    ("[, ]", "in a recording: the previous and the next end of a step"),
    ("p, n", "in a recording: the previous and the next event"),
    ("?", "show this page, and leave it"),
    ("q", "close the dashboard; the fleet goes on, and prints its report at its end"),
    ("ctrl-c", "close all clients, and end the fleet"),
)
_HELP_CELLS = 14


class FleetBoard:
    """Draws the moments of a fleet, to which more may be added while it is drawn."""

    def __init__(self, seen: FleetMoments) -> None:
        self.seen = seen

    @property
    def state(self) -> object:
        """A value that changes when a frame of the same moment would look different."""
        return self.seen.changes

    def frame(
        self, tick: int, controls: Controls, width: int, height: int, glyphs: Glyphs = UNICODE
    ) -> Frame:
        """Draw one moment; ``tick`` is its number, from 0."""
        width, height = max(1, width), max(1, height)
        if controls.help:
            return Frame(_help(width, glyphs), width, height, glyphs, controls.theme)
        moments = self.seen.moments[: max(1, tick + 1)]
        if not moments:
            rows: list[Row] = [[(" the first reading is under way", DIM)]]
            return Frame(rows, width, height, glyphs, controls.theme)
        now = moments[-1].reading
        foot = [_keys(controls, width, glyphs)]
        top = [title_row(self.seen, now, width, glyphs), *figure_rows(self.seen, now, width, glyphs)]
        room = max(0, height - len(top) - len(foot))
        below = [*step_rows(self.seen, now, width, glyphs), *log_rows(self.seen, now)]
        heat_max = max(_HEAT_ROWS_MIN, room - 2 - 2 * _GRAPH_ROWS - len(below))
        middle: list[Row] = [heading(f" send queues by size; {shade_legend(glyphs)}", width, glyphs)]
        middle += heat_rows(moments, width, min(heat_max, max(0, room - 1)), glyphs)
        middle += _graphs(moments, width, glyphs)[: max(0, room - len(middle))]
        if len(middle) < room:
            middle.append(self._axis(moments, width, glyphs))
        middle += below[: max(0, room - len(middle))]
        middle = middle[:room]
        middle += [[]] * (room - len(middle))
        return Frame([*top, *middle, *foot], width, height, glyphs, controls.theme)

    def _axis(self, moments: Sequence[FleetMoment], width: int, glyphs: Glyphs) -> Row:
        first, last = (f"{moments[at].reading.tick * self.seen.tick_s:.0f} s" for at in (0, -1))
        room = max(1, width - LABEL_CELLS - SCALE_CELLS - len(first) - 2)
        line = f"{first} {glyphs.line * room} "
        return [(" " * LABEL_CELLS, PLAIN), (line, DIM), (f"{last:>{SCALE_CELLS}}", DIM)]


def _graphs(moments: list[FleetMoment], width: int, glyphs: Glyphs) -> list[Row]:
    """Stalled clients and a slow Ping, over the same time as the heat map."""
    room = max(1, width - LABEL_CELLS - SCALE_CELLS)
    columns = over_time(moments, room)
    stalled = [0 if one.reading.look is None else one.reading.look.stalled for one in columns]
    waits: list[int] = []
    for one in columns:
        seen = one.reading.witnessed
        known = 0.0 if seen is None else slow_ping(seen).seconds
        waits.append(round(1e6 * known) if known else waits[-1] if waits else 0)
    return [
        *_graph("stalled", stalled, format_count, room, glyphs),
        *_graph("slow Ping", waits, lambda us: format_seconds(us / 1e6), room, glyphs),
    ]


def _graph(
    label: str, values: list[int], known: Callable[[int], str], room: int, glyphs: Glyphs
) -> list[Row]:
    scale = round_scale(max(values, default=0), 10)
    return graph(Series(label, "", None, PLAIN), values, scale, room, _GRAPH_ROWS, glyphs, known)


def _help(width: int, glyphs: Glyphs) -> list[Row]:
    rows: list[Row] = [heading("  keys", width, glyphs), []]
    return rows + [[(f"  {keys:<{_HELP_CELLS}}", BOLD), (words, PLAIN)] for keys, words in _HELP]


def _keys(controls: Controls, width: int, glyphs: Glyphs) -> Row:
    state = f"{glyphs.paused} frozen" if controls.paused else f"{glyphs.playing} live"
    if not controls.live:
        state = f"{glyphs.paused} paused" if controls.paused else f"{glyphs.playing} playing"
        state += f" {glyphs.times}{controls.speed:g}"
    actions = [("space", "freeze" if controls.live else "pause"), ("?", "keys"), ("q", "quit")]
    spans = [((f" {key}", BOLD), (f" {meaning} ", DIM)) for key, meaning in actions]
    shown: Row = [span for pair in spans for span in pair]
    if row_width(shown) + len(state) + 2 > width:
        shown = shown[-2:]  # the last actions, which include quitting, are never left out
    return spread(shown if controls.keys else [], [(f"{state} ", GOOD if controls.live else BOLD)], width)
