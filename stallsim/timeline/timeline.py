"""What happened in a run: copied readings and events, appended and never changed.

Every view, the ledger, the verdict and the recording are made from this and from nothing else, so a
live run and a replayed one cannot look different. It stays bounded however long a run is: what is shown
(samples, happenings) is thinned, and what is judged (tallies, the digest) is counted before that.
"""

from collections.abc import Callable, Iterator, Sequence
from heapq import merge

from ..kinds import EventKind
from ..profile.scenario import Scenario
from .entry import Entry, RunningDigest, make_entry
from .fleet import Reading, Stepped, Worker
from .fleet_series import FleetSeries
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
        """By connection, in order of time, not always of every tick."""
        self.happenings: list[Happening] = []
        self.entries: list[Entry] = []
        """The ledger's, of the phases among ``happenings``."""
        self.digest = RunningDigest()
        """Of every phase that there ever was."""
        self.first: dict[EventKind, Event] = {}
        """The first event of each kind."""
        self.usage = Usage()
        self.memory: dict[int, list[ServerMemory]] = {}
        """Of the processes of each stall's server, in order of time, thinned where they are too many."""
        self.probed: Probed | None = None
        self.looks: list[Looked] = []
        """Of a watch, in order of time, thinned where they are too many."""
        self.end: RecordingEnd | None = None
        self.was_read = False
        """Whether it comes from a file, which may be damaged or forged."""
        self.last_tick = -1
        """The last tick that anything is known of; -1 before the first."""
        self.folded = Folded()
        """Connections that ended so long ago that nothing else is left of them."""
        self.happenings_left_out = 0
        self.thinnings = 0
        """How often something was taken out: whoever has an index of this has to make it anew."""
        self._limits = limits or MemoryBounds()
        self.fleet = FleetSeries(self._limits.resources)
        """What a fleet's workers read."""
        self._tallies: Numbered[Tally] = Numbered()
        self._about: Numbered[list[Happening]] = Numbered()
        self._ended: list[int] = []
        self._listeners: list[Callable[[Record], None]] = []
        self._held = 0
        self._thinners: dict[int, Thinner] = {}

    def records(self) -> Iterator[Record]:
        """Every record but samples, readings and memory; happenings and steps in order of time."""
        yield from filter(None, (self.header,))
        yield from self.connections
        yield from merge(self.fleet.steps, self.happenings, key=lambda one: one.tick)
        yield from filter(None, (self.probed, self.end))

    def listen(self, listener: Callable[[Record], None]) -> None:
        """Call ``listener`` with every record appended from now on."""
        self._listeners.append(listener)

    def append(self, record: Record) -> None:
        """Add one record and tell the listeners."""
        match record:
            case Sample():
                self._add_sample(record)
            case PhaseEvent() | Event():
                self._add_happening(record)
            case ConnectionInfo():
                for each in (self.connections, self.samples, self._about, self._tallies):
                    each.skip_to(record.connection)  # in a part of a recording, older ones are missing
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
        """The scenario that ran. Raises LookupError before the header is there."""
        if self.header is None:
            raise LookupError("the timeline has no header yet")
        return self.header.scenario

    @property
    def interrupted(self) -> bool:
        """Whether the run was cut short: by a signal, or so hard that not even that was recorded."""
        return self.end is None or self.end.interrupted

    def about(self, connection: int) -> Sequence[Happening]:
        """What happened to one connection, or to all of them, in order."""
        return self._about.get(connection) or ()

    def phases(self, connection: int) -> Iterator[PhaseEvent]:
        """The connection's phases in order, as far as they are kept."""
        return (one for one in self.about(connection) if isinstance(one, PhaseEvent))

    def stall_of(self, connection: int) -> int:
        """The number of the stall that a probe opened the connection for; 0: it is in no probe."""
        info, probe = self.connections.get(connection), self.header.probe if self.header else None
        return probe.number_of(info.client) if info is not None and probe is not None else 0

    def memory_beside(self, connection: int) -> Sequence[ServerMemory]:
        """The readings of the memory of a probed connection's server."""
        return self.memory.get(self.stall_of(connection)) or self.memory.get(0) or ()

    def tally(self, connection: int) -> Tally:
        """The exact figures of a connection that is not folded."""
        return self._tallies[connection]

    def restore(self, connection: int, tally: Tally, about: Sequence[Happening]) -> None:
        """Give a connection the figures that were kept of it, and what happened to it (``overview``)."""
        self._tallies.put(connection, tally)
        self._about[connection].extend(about)
        self._held += len(self.samples[connection])

    def judged(self) -> Iterator[JudgedConnection]:
        """What a verdict has to look at: every connection, or of those folded the extreme ones."""
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
            self.happenings_left_out += 1  # a client that lives on after its connection was folded
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
        """Shorten the longest series until there is room; one that can't be shortened is passed over."""
        self.thinnings += 1
        for number, series in sorted(self.samples.items(), key=lambda item: -len(item[1])):
            thinner = self._thinners.setdefault(number, Thinner())
            while series and (removed := thinner.shorten(series, self.about(number))):
                self._held -= removed
                if self._held <= self._limits.samples:
                    return

    def _fold(self) -> None:
        """Let go of some of the connections that ended first, about 5 ms worth."""
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
