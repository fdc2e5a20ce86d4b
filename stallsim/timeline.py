"""What happened in a run: copied readings and events, appended and never changed.

Every view, the ledger, the verdict and the recording are made from this and from nothing else, so a
live run and a replayed one cannot look different.
"""

from collections.abc import Callable, Iterator, Sequence

from .records import ConnectionInfo, End, Event, Happening, Header, PhaseEvent, Record
from .sample import Sample
from .scenario import Scenario


class Timeline:
    """An append-only list of records, with the indexes that every reader needs."""

    def __init__(self) -> None:
        self.header: Header | None = None
        self.connections: list[ConnectionInfo] = []
        self.samples: list[list[Sample]] = []
        """By connection, in order of time."""
        self.happenings: list[Happening] = []
        self.end: End | None = None
        self._about: list[list[Happening]] = []
        self._listeners: list[Callable[[Record], None]] = []

    def records(self) -> Iterator[Record]:
        """Every record but the samples, in the order in which they were appended."""
        yield from filter(None, (self.header,))
        yield from self.connections
        yield from self.happenings
        yield from filter(None, (self.end,))

    def listen(self, listener: Callable[[Record], None]) -> None:
        """Call ``listener`` with every record appended from now on."""
        self._listeners.append(listener)

    def append(self, record: Record) -> None:
        """Add one record and tell the listeners."""
        match record:
            case Sample():
                self.samples[record.connection].append(record)
            case PhaseEvent() | Event():
                self.happenings.append(record)
                about = self._about if record.connection is None else [self._about[record.connection]]
                for happenings in about:
                    happenings.append(record)
            case ConnectionInfo():
                self.connections.append(record)
                self.samples.append([])
                self._about.append([])
            case Header():
                self.header = record
            case End():
                self.end = record
        for listener in self._listeners:
            listener(record)

    @property
    def scenario(self) -> Scenario:
        """The scenario that ran. Raises LookupError before the header is there."""
        if self.header is None:
            raise LookupError("the timeline has no header yet")
        return self.header.scenario

    @property
    def interrupted(self) -> bool:
        """Whether the run was cut short: by a signal, or so hard that not even that was recorded."""
        return self.end is None or self.end.interrupted

    @property
    def last_tick(self) -> int:
        """The last tick that anything is known of; -1 before the first."""
        ticks = [series[-1].tick for series in self.samples if series]
        ticks += [self.happenings[-1].tick] if self.happenings else []
        return max(ticks, default=-1)

    def about(self, connection: int) -> Sequence[Happening]:
        """What happened to one connection, or to all of them, in order."""
        return self._about[connection]

    def phases(self, connection: int) -> Iterator[PhaseEvent]:
        """The connection's phases in order."""
        for happening in self._about[connection]:
            if isinstance(happening, PhaseEvent):
                yield happening
