"""Checks a recording as a whole; the only place that decides whether a file from elsewhere is accepted.

Each record has already been checked by itself: its fields, their types, their bounds. A reader of the
timeline may rely on the rest: one header, connections in order, ticks that a run can have.
"""

from ..profile.spec import TICKS_MAX
from .records import ConnectionInfo, Event, Header, PhaseEvent, Record
from .sample import Sample

_TICK_S_MAX = 86_400.0


class RecordingCheck:
    """Checks the records in the order in which they were written."""

    def __init__(self) -> None:
        self._headers = self._opened = 0
        self._part = False

    def problem(self, record: Record) -> str:
        """What is wrong with a record at this place; empty if nothing is."""
        if not -1 <= record_tick(record) <= 2 * TICKS_MAX:
            return f"tick {record_tick(record)} is outside the ticks of a run"
        match record:
            case Header():
                self._headers += 1
                self._part = record.part > 0
                if self._headers > 1:
                    return "a second header"
                if not 0 < record.scenario.tick_s <= _TICK_S_MAX:
                    return f"a tick of {record.scenario.tick_s:g} s"
            case ConnectionInfo():
                number = record.connection
                if number != self._opened and not (self._part and number > self._opened):
                    return f"expected connection {self._opened}, found connection {number}"
                self._opened = number + 1
            case Sample() | PhaseEvent() | Event():
                if record.connection is not None and not 0 <= record.connection < self._opened:
                    return f"connection {record.connection} was never opened"
            case _:
                pass
        return ""


def record_tick(record: Record) -> int:
    """The tick of a record; 0 for a header, which has none."""
    tick: int = getattr(record, "tick", 0)
    return tick
