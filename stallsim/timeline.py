"""What happened in a run: copied readings and events, appended and never changed.

Every view, the ledger, the verdict and the recording are made from this and from nothing else, so a
live run and a replayed one cannot look different. Units are in the names; where a value is the
kernel's, its field is named.
"""

from collections.abc import Callable, Iterator
from enum import Enum

from msgspec import Struct

from .scenario import Scenario

FORMAT_VERSION = 1


class Refusal(Enum):
    """Why the server's kernel takes no more bytes just now."""

    NONE = ""
    EAGAIN = "eagain"
    """A write was refused, whole or in part."""
    NOT_WRITABLE = "not-writable"
    """epoll does not offer the write, so none was tried."""


class Phase(Enum):
    """Where a connection stands (the transitions between them: ``phases.py``)."""

    FLOWING = "flowing"
    RECEIVER_FILLING = "receiver-filling"
    UNACKNOWLEDGED = "unacknowledged"
    SENDER_FILLING = "sender-filling"
    WRITE_BLOCKED = "write-blocked"
    USERSPACE_GROWTH = "userspace-growth"
    POLICY_ACTED = "policy-acted"
    DRAINING = "draining"
    RECOVERED = "recovered"
    CLOSED = "closed"
    RESET = "reset"
    TIMED_OUT = "timed-out"


class EventKind(Enum):
    """A happening that is not a phase."""

    OPENED = "opened"
    SLEEPS = "sleeps"
    """The client's application is gone; its network process may read on for a while."""
    STOPS_READING = "stops-reading"
    """The client's intention; whether it took is for the kernel to say (``stalled``)."""
    VANISHES = "vanishes"
    WAKES = "wakes"
    STALLED = "stalled"
    """The kernel confirms it; ``evidence`` says by what."""
    ZERO_WINDOW = "zero-window"
    PRODUCER_WAITS = "producer-waits"
    PONG_MISSING = "pong-missing"
    PONG_LATE = "pong-late"
    PROTOCOL_ERROR = "protocol-error"
    CLOSE_RECEIVED = "close-received"
    HANDSHAKE_REJECTED = "handshake-rejected"
    ABORTED = "aborted"
    ENDED = "ended"
    MEMORY_CEILING = "memory-ceiling"
    INTERRUPTED = "interrupted"


class Header(Struct, frozen=True, tag="header", kw_only=True):
    """The first line of a recording: what ran, on what."""

    version: int
    stallsim: str
    argv: list[str]
    scenario: Scenario
    kernel: str
    python: str
    libraries: dict[str, str]
    sysctl: dict[str, str]
    private_stack: bool
    started_unix_s: float


class ConnectionInfo(Struct, frozen=True, tag="connection", kw_only=True):
    """One connection as it stood after its opening handshake."""

    connection: int
    client: str
    kind: str
    stalls: bool
    """The client's kind is meant to stall."""
    sndbuf_bytes_asked: int | None
    sndbuf_bytes_effective: int
    rcvbuf_bytes_asked: int | None
    rcvbuf_bytes_effective: int
    snd_mss_bytes: int
    maxseg_bytes_asked: int | None
    congestion: str


class Sample(Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    """All queues of one connection at one tick. Bytes are frame bytes on the wire, counted from the
    end of the opening handshake; control frames are counted in ``control_bytes`` and in no other
    produced count.
    """

    tick: int
    connection: int
    settled: bool
    """Nothing was in flight, so the counts below belong to one moment and must add up."""
    # the server's process
    produced_bytes: int
    produced_messages: int
    control_bytes: int
    queue_bytes: int
    queue_messages: int
    queue_capacity_bytes: int
    dropped_bytes: int
    dropped_messages: int
    discarded_bytes: int
    accepted_bytes: int
    """Taken by the server's kernel: the sum of what ``send`` returned."""
    refusal: Refusal
    producer_waits: bool
    # the server's kernel
    outq_bytes: int
    """SIOCOUTQ: not yet acknowledged, sent or not."""
    notsent_bytes: int
    """tcpi_notsent_bytes: of these, not yet sent."""
    acked_bytes: int
    snd_wnd_bytes: int
    """tcpi_snd_wnd: the window that the client's kernel last advertised."""
    snd_mss_bytes: int
    rwnd_limited_us: int
    retrans_segments: int
    """tcpi_total_retrans."""
    backoff: int
    wmem_queued_bytes: int
    """SO_MEMINFO: memory charged for the send queue, more than its payload."""
    sndbuf_bytes: int
    # the client's kernel
    received_bytes: int
    """tcpi_bytes_received."""
    rcvq_bytes: int
    """SIOCINQ: received, acknowledged or about to be, not read."""
    rmem_alloc_bytes: int
    rcvbuf_bytes: int
    # the client's process
    read_bytes: int
    read_messages: int
    held_bytes: int
    """Of ``read_bytes``: taken from the kernel, not yet seen by the application (a browser's pipe)."""

    @property
    def unaccounted_bytes(self) -> int:
        """Bytes that the conservation law cannot place: 0 in every settled sample, or we have a bug.

        produced + control = read + client's receive queue + (accepted - received) + application
        queue + dropped + discarded.
        """
        placed = self.read_bytes + self.rcvq_bytes + (self.accepted_bytes - self.received_bytes)
        placed += self.queue_bytes + self.dropped_bytes + self.discarded_bytes
        return self.produced_bytes + self.control_bytes - placed

    @property
    def inflight_bytes(self) -> int:
        """Sent and not acknowledged."""
        return self.outq_bytes - self.notsent_bytes

    @property
    def window_shut(self) -> bool:
        """The usable window is smaller than the next segment, and a segment waits (RFC 9293 3.8.6)."""
        usable = self.snd_wnd_bytes - self.inflight_bytes
        return self.notsent_bytes > 0 and usable < min(self.snd_mss_bytes, self.notsent_bytes)

    @property
    def backlog_bytes(self) -> int:
        """Everything between the producer and the client's application."""
        return self.produced_bytes - self.read_bytes + self.held_bytes - self.dropped_bytes


class PhaseEvent(Struct, frozen=True, tag="phase", kw_only=True):
    """A connection enters a phase; its numbers are those of the sample of the same tick."""

    tick: int
    phase: Phase
    sample: Sample

    @property
    def connection(self) -> int:
        """The connection's number."""
        return self.sample.connection


class Event(Struct, frozen=True, tag="event", kw_only=True):
    """A happening. ``detail`` holds numbers and a peer's words (hostile until a view escapes them)."""

    tick: int
    kind: EventKind
    connection: int | None = None
    detail: dict[str, int | float | str] = {}


class End(Struct, frozen=True, tag="end", kw_only=True):
    """The last line of a complete recording."""

    tick: int
    attempts: int
    """Times the run was executed; more than 1 where a kernel timer fired in lockstep."""
    wall_s: float
    interrupted: bool = False


Happening = PhaseEvent | Event
Record = Header | ConnectionInfo | Sample | Happening | End


class Timeline:
    """An append-only list of records, with the indexes that every reader needs."""

    def __init__(self) -> None:
        self.header: Header | None = None
        self.connections: list[ConnectionInfo] = []
        self.samples: list[list[Sample]] = []
        """By connection, in order of time."""
        self.happenings: list[Happening] = []
        self.end: End | None = None
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
            case ConnectionInfo():
                self.connections.append(record)
                self.samples.append([])
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
    def last_tick(self) -> int:
        """The last tick that anything is known of; -1 before the first."""
        ticks = [series[-1].tick for series in self.samples if series]
        ticks += [self.happenings[-1].tick] if self.happenings else []
        return max(ticks, default=-1)

    def phases(self, connection: int) -> Iterator[PhaseEvent]:
        """The connection's phases in order."""
        for happening in self.happenings:
            if isinstance(happening, PhaseEvent) and happening.connection == connection:
                yield happening
