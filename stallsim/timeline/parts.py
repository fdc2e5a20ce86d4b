"""What a new part of a recording begins with, so that it can be read without the parts before it."""

from collections.abc import Iterator

from msgspec.structs import replace

from .records import ConnectionInfo, Header, PhaseEvent, Record
from .tally import ENDED


class Beginning:
    """The header, the connections that are open, and the phase in which each of them is."""

    def __init__(self) -> None:
        self._header: Header | None = None
        self._open: dict[int, ConnectionInfo] = {}
        self._phases: dict[int, PhaseEvent] = {}

    def clear(self) -> None:
        """Begin anew: the run is executed once more, and its recording is written again."""
        self._header = None
        self._open.clear()
        self._phases.clear()

    def note(self, record: Record) -> None:
        """One more record of the recording."""
        match record:
            case Header():
                self._header = record
            case ConnectionInfo():
                self._open[record.connection] = record
            case PhaseEvent() if record.phase in ENDED:
                self._open.pop(record.connection, None)
                self._phases.pop(record.connection, None)
            case PhaseEvent():
                self._phases[record.connection] = record
            case _:
                pass

    def records(self, part: int) -> Iterator[Record]:
        """The records that the part of that number begins with."""
        if self._header is not None:
            yield replace(self._header, part=part)
        for number, info in sorted(self._open.items()):
            yield info
            phase = self._phases.get(number)
            if phase is not None:
                yield phase
