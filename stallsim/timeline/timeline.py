"""The timeline of a run: copied readings and events, appended and never changed.

Every view, the ledger, the verdict and the recording are made from the timeline only, so a live run and a
replayed one cannot look different. Its memory is bounded however long a run is: what is shown (samples,
happenings) is thinned, and what is judged (tallies, the digest) is counted before that.
"""

from collections.abc import Callable, Iterator, Sequence
from heapq import merge

from ..kinds import EventKind
from ..profile.scenario import Scenario
from .entry import Entry, RunningDigest, make_entry
from .fleet.reading import Reading
from .fleet.records import Worker
from .fleet.series import FleetSeries
from .fleet.steps import Stepped
from .folded import Folded
from .numbered import Numbered
from .outside import Looked, Probed, ServerMemory
from .records import ConnectionInfo, Event, Happening, Header, PhaseEvent, Record, RecordingEnd, Resources
from .sample import Sample
from .tally import ENDED, INTENTIONS, JudgedConnection, Tally
from .thinning import MemoryBounds, Thinner, append_thinned
from .usage import Usage

_FOLDED_AT_ONCE = 32


class Timeline:
    """An append-only list of records, with the indexes that every reader needs."""

    def __init__(self, limits: MemoryBounds | None = None) -> None:
        self.header: Header | None = None
        self.connections: Numbered[ConnectionInfo] = Numbered()
        self.samples: Numbered[list[Sample]] = Numbered()
        """The samples of each connection in order of time, not always of every tick."""
        self.happenings: list[Happening] = []
        self.entries: list[Entry] = []
        """The ledger's entries for the phases among ``happenings``."""
        self.digest = RunningDigest()
        """The digest of all phases, including those no longer in memory."""
        self.first: dict[EventKind, Event] = {}
        """The first event of each kind."""
        self.usage = Usage()
        self.memory: dict[int, list[ServerMemory]] = {}
        """Readings of the memory of each stall's server, in order of time, thinned if
        there are too many.
        """
        self.probed: Probed | None = None
        self.looks: list[Looked] = []
        """The looks of a watch in order of time, thinned if there are too many."""
        self.end: RecordingEnd | None = None
        self.was_read = False
        """Whether the timeline comes from a file, which may be damaged or forged."""
        self.last_tick = -1
        """The last tick of any record; -1 before the first."""
        self.folded = Folded()
        """Connections that ended long ago, of which only those with extremes are kept."""
        self.happenings_left_out = 0
        self.thinnings = 0
        """How often records were removed, after which every index into the timeline must be rebuilt."""
        self._limits = limits or MemoryBounds()
        self.fleet = FleetSeries(self._limits.resources)
        """The readings of a fleet's workers."""
        self._tallies: Numbered[Tally] = Numbered()
        self._about: Numbered[list[Happening]] = Numbered()
        self._ended: list[int] = []
        self._listeners: list[Callable[[Record], None]] = []
        self._held = 0
        self._thinners: dict[int, Thinner] = {}

    def records(self) -> Iterator[Record]:
        """All records except samples, readings and memory; happenings and steps in order of time."""
        yield from filter(None, (self.header,))
        yield from self.connections
        yield from merge(self.fleet.steps, self.happenings, key=lambda one: one.tick)
        yield from filter(None, (self.probed, self.end))

    def listen(self, listener: Callable[[Record], None]) -> None:
        """Call ``listener`` with every record appended from now on."""
        self._listeners.append(listener)

    def append(self, record: Record) -> None:
        """Add one record and pass it to the listeners."""
        match record:
            case Sample():
                self._add_sample(record)
            case PhaseEvent() | Event():
                self._add_happening(record)
            case ConnectionInfo():
                for each in (self.connections, self.samples, self._about, self._tallies):
                    each.skip_to(record.connection)  # a part of a recording lacks older connections
                self.connections.append(record)
                self.samples.append([])
                self._about.append([])
                expect = self.header.scenario.expect if self.header else []
                self._tallies.append(Tally([one.phases for one in expect]))
            case Resources():
                self.usage.add(record, self._limits.resources)
            case ServerMemory():
                append_thinned(self.memory.setdefault(record.stall, []), record, self._limits.resources)
            case Probed():
                self.probed = record
            case Looked():
                append_thinned(self.looks, record, self._limits.resources)
            case Reading() | Stepped() | Worker():
                self.last_tick = max(self.last_tick, record.tick)
                self.fleet.add(record)
            case Header():
                self.header = record
                self.usage = Usage(record.scenario.cycle)
            case RecordingEnd():
                self.end = record
        for listener in self._listeners:
            listener(record)

    @property
    def scenario(self) -> Scenario:
        """The scenario of the run. Raises LookupError if there is no header yet."""
        if self.header is None:
            raise LookupError("the timeline has no header yet")
        return self.header.scenario

    @property
    def interrupted(self) -> bool:
        """Whether the run was interrupted by a signal, or so hard that not even that was recorded."""
        return self.end is None or self.end.interrupted

    def about(self, connection: int) -> Sequence[Happening]:
        """The events and phases of one connection, including events that concern all, in order."""
        return self._about.get(connection) or ()

    def phases(self, connection: int) -> Iterator[PhaseEvent]:
        """The connection's phases in order, as far as they are kept in memory."""
        return (one for one in self.about(connection) if isinstance(one, PhaseEvent))

    def stall_of(self, connection: int) -> int:
        """The number of the stall for which a probe opened the connection; 0: it belongs to no probe."""
        info, probe = self.connections.get(connection), self.header.probe if self.header else None
        return probe.number_of(info.client) if info is not None and probe is not None else 0

    def memory_beside(self, connection: int) -> Sequence[ServerMemory]:
        """Readings of the memory of the server to which a probe's connection belongs."""
        return self.memory.get(self.stall_of(connection)) or self.memory.get(0) or ()

    def tally(self, connection: int) -> Tally:
        """The exact figures of a connection that is not folded."""
        return self._tallies[connection]

    def restore(self, connection: int, tally: Tally, about: Sequence[Happening]) -> None:
        """Restore a connection's figures, and its events and phases, from an overview."""
        self._tallies.put(connection, tally)
        self._about[connection].extend(about)
        self._held += len(self.samples[connection])

    def judged(self) -> Iterator[JudgedConnection]:
        """The connections that a verdict must examine: all, or for folded ones those with extremes."""
        yield from self.folded
        yield from map(JudgedConnection, self.connections, self._tallies)

    def _add_sample(self, sample: Sample) -> None:
        tally = self._tallies.get(sample.connection)
        if tally is None:
            return
        if sample.tick > self.last_tick:
            self.last_tick = sample.tick
            self.usage.close_tick()
        before = tally.last
        self.usage.queue_bytes += sample.queue_bytes - (before.queue_bytes if before else 0)
        tally.count(sample)
        self.samples[sample.connection].append(sample)
        self._held += 1
        if self._held > self._limits.samples:
            self._thin_samples()

    def _add_happening(self, happening: Happening) -> None:
        self.last_tick = max(self.last_tick, happening.tick)
        number = happening.connection
        if number is not None and number not in self.connections:
            self.happenings_left_out += 1  # the connection was folded, and its client still exists
            return
        if isinstance(happening, Event):
            self.first.setdefault(happening.kind, happening)
            if happening.kind in INTENTIONS:
                self.usage.stall_begins()
        else:
            self.entries.append(make_entry(happening, self.connections[happening.connection].client))
            self.digest.add(self.entries[-1])
        self.happenings.append(happening)
        for one in self.connections.numbers() if number is None else (number,):
            self._about[one].append(happening)
            self._tallies[one].note(happening)
        for _, tally in self.folded if number is None else ():
            tally.note(happening)
        if isinstance(happening, PhaseEvent) and happening.phase in ENDED:
            self._ended.append(happening.connection)
        if len(self._ended) > self._limits.ended:
            self._fold()
        if len(self.happenings) > self._limits.happenings:
            self._forget(self.happenings[: len(self.happenings) // 4 + 1])

    def _thin_samples(self) -> None:
        """Shorten the longest series until there is room; a series that cannot be shortened is skipped."""
        self.thinnings += 1
        for number, series in sorted(self.samples.items(), key=lambda item: -len(item[1])):
            thinner = self._thinners.setdefault(number, Thinner())
            while series and (removed := thinner.shorten(series, self.about(number))):
                self._held -= removed
                if self._held <= self._limits.samples:
                    return

    def _fold(self) -> None:
        """Fold some of the connections that ended first; this takes about 5 ms."""
        gone = set(self._ended[:_FOLDED_AT_ONCE])
        self._ended = [number for number in self._ended if number not in gone]
        self._forget([one for one in self.happenings if one.connection in gone])
        for number in gone:
            self._held -= len(self.samples.pop(number))
            self._about.pop(number)
            self._thinners.pop(number, None)
            self.folded.add(JudgedConnection(self.connections.pop(number), self._tallies.pop(number)))

    def _forget(self, happenings: Sequence[Happening]) -> None:
        self.thinnings += 1
        self.happenings_left_out += len(happenings)
        gone = set(map(id, happenings))
        kept = [id(one) not in gone for one in self.happenings if isinstance(one, PhaseEvent)]
        self.entries = [entry for entry, keep in zip(self.entries, kept, strict=True) if keep]
        for series in (self.happenings, *self._about):
            series[:] = [one for one in series if id(one) not in gone]
