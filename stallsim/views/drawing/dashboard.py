"""The dashboard: draws one frame for one tick from a timeline.

A frame is a pure function of (timeline up to the tick, controls, width, height); a ``Dashboard`` only
caches computed values. If the sections do not fit, the least important are left out first.
"""

from ...timeline.timeline import Timeline
from . import lines
from .controls import Controls
from .crowd import crowd_rows
from .draw_tanks import tanks_as_bars, tanks_side_by_side
from .frame import Frame, Row, beside
from .help import help_rows
from .history import History
from .layout import SIDE_BY_SIDE_FROM, TWO_COLUMNS_FROM, plan
from .lines import View
from .log import Log
from .moments import Moments
from .outside import outside_tanks
from .palette import UNICODE, Glyphs
from .probe_end import end_rows
from .stalls import stall_rows
from .strip import strip_rows
from .tanks import flows, tanks_of
from .tried_stalls import Stretch

_CROWD_CELLS = 74
"""The width of the table of clients, in cells, if the events are beside it."""
_STALLS_CELLS = 90
"""The width of the table of a probe's stalls, in cells, if the events are beside it."""
_PARTED = ("focus", "tanks", "strip", "history")
"""The sections after which a blank row may be placed."""


class Dashboard:
    """Draws a timeline, finished or still growing."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.moments = Moments(timeline)
        self._history = History(self.moments)
        self._log = Log(self.moments)

    @property
    def last_tick(self) -> int:
        """The run's last tick: its end, or until then the end that the scenario plans."""
        reached = max(0, self.timeline.last_tick)
        if self.timeline.end is not None or self.timeline.header is None or self.timeline.header.probe:
            return reached
        return max(self.timeline.scenario.ticks - 1, reached)

    @property
    def state(self) -> object:
        """A value that changes whenever the timeline has grown, so that the frame is drawn again."""
        return len(self.timeline.happenings), self.last_tick

    def frame(
        self, tick: int, controls: Controls, width: int, height: int, glyphs: Glyphs = UNICODE
    ) -> Frame:
        """The picture of ``tick`` in exactly ``width`` x ``height`` cells."""
        self.moments.catch_up()
        view = View(max(0, tick), self.last_tick, controls, max(1, width), max(1, height), glyphs)
        if controls.help:
            return Frame(help_rows(view), view.width, view.height, glyphs, controls.theme)
        if ended := end_rows(self.timeline, view.tick, view.width, glyphs):
            rows = [lines.title_line(self.moments, view), [], *ended][: view.height - 1]
            rows += [[]] * (view.height - 1 - len(rows)) + [lines.keys(view)]
            return Frame(rows[-view.height :], view.width, view.height, glyphs, controls.theme)
        strip = strip_rows(self.moments, controls.focus, view.tick, view.width, glyphs)
        plan_rows, blanks = plan(view.width, view.height, len(strip), self._clients)
        rows = []
        for name, height_of in plan_rows.items():
            drawn = strip if name == "strip" else self._section(name, height_of, view)
            if name in ("legend", "keys"):  # always in the last rows
                foot = sum(other in plan_rows for other in ("legend", "keys")[name == "keys" :])
                rows += [[]] * (view.height - foot - len(rows))
            rows += drawn[:height_of]
            rows += [[]] * (height_of - len(drawn))
            if blanks and name in _PARTED:
                rows.append([])
                blanks -= 1
        return Frame(rows, view.width, view.height, glyphs, controls.theme)

    @property
    def _clients(self) -> int:
        """The number of rows that all clients need."""
        header = self.timeline.header
        if header is None or header.probe is None:
            return len(self.timeline.connections)
        return len(header.probe.stalls) + 1

    def _clients_rows(self, width: int, height: int, view: View) -> list[Row]:
        draw = stall_rows if self.moments.outside else crowd_rows
        return draw(self.moments, view.controls.focus, view.tick, width, height, view.glyphs)

    def _section(self, name: str, height: int, view: View) -> list[Row]:
        focus, tick, width, glyphs = view.controls.focus, view.tick, view.width, view.glyphs
        match name:
            case "title":
                return [lines.title_line(self.moments, view)]
            case "focus":
                return [lines.focus(self.moments, view)]
            case "tanks":
                return self._tanks(height, view)
            case "history":
                if focus not in self.timeline.connections:
                    return []
                stretch = Stretch(0, view.last_tick + 1)
                if self.moments.outside:
                    stretch = self.moments.tried_stalls.stretch(focus, tick)
                return self._history.rows(focus, tick, stretch, width, height, glyphs)
            case "crowd" if width >= TWO_COLUMNS_FROM:
                crowd = _STALLS_CELLS if self.moments.outside else _CROWD_CELLS
                beside_it = width - crowd - 2
                clients = self._clients_rows(crowd, height, view)
                log = self._log.rows(tick, beside_it, height, glyphs, view.controls.older)
                return beside([(clients, crowd), (log, beside_it)], glyphs)
            case "crowd":
                return self._clients_rows(width, height, view)
            case "log":
                return self._log.rows(tick, width, height, glyphs, view.controls.older)
            case "legend":
                return [lines.legend(self.moments, view)]
            case _:
                return [lines.keys(view)]

    def _tanks(self, height: int, view: View) -> list[Row]:
        connection = view.controls.focus
        if connection not in self.timeline.connections:
            return []
        draw = outside_tanks if self.moments.outside else tanks_of
        tanks = draw(self.moments, connection, view.tick, view.glyphs)
        if not tanks:
            return []
        if view.width < SIDE_BY_SIDE_FROM[0] or height < 7:
            return tanks_as_bars(tanks, view.width, height, view.glyphs)
        count = self.moments.index(connection, view.tick)
        series = self.timeline.samples[connection]
        moving = flows(series[count - 2] if count > 1 else None, series[count - 1])
        return tanks_side_by_side(tanks, moving, view.width, height, view.glyphs)


def render(
    timeline: Timeline,
    tick: int,
    controls: Controls,
    width: int,
    height: int,
    glyphs: Glyphs = UNICODE,
) -> Frame:
    """Draw a single frame."""
    return Dashboard(timeline).frame(tick, controls, width, height, glyphs)
