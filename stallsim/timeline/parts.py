"""Makes the records with which a new part of a recording begins, so that it can be read without earlier
parts.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from .records import ConnectionInfo, Header, PhaseEvent, Record
from .tally import ENDED


class Beginning:
    """Collects the header, the open connections, and the phase of each of them."""

    def __init__(self) -> None:
        self._header: Header | None = None
        self._open: dict[int, ConnectionInfo] = {}
        self._phases: dict[int, PhaseEvent] = {}

    def clear(self) -> None:
        """Forget everything, since the run is executed again and its recording is rewritten."""
        self._header = None
        self._open.clear()
        self._phases.clear()

    def note(self, record: Record) -> None:
        """Process the next record of the recording."""
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
        """The records with which the part of this number begins."""
        if self._header is not None:
            yield replace(self._header, part=part)
        for number, info in sorted(self._open.items()):
            yield info
            phase = self._phases.get(number)
            if phase is not None:
                yield phase
