"""What a timeline is made of, and what a recording holds: one struct for each kind of record."""

from enum import Enum

from msgspec import Struct

from .sample import Sample
from .scenario import Scenario

FORMAT_VERSION = 2


class Phase(Enum):
    """Where a connection stands (the transitions between them: ``phases.py``)."""

    CONNECTING = "connecting"
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


class Stalls(Enum):
    """Whether a kind of client stalls: what a run must show, and must not show, of it."""

    NEVER = "never"
    MAY = "may"
    """By its options, by its schedule, or for a moment: no run has to show it."""
    MUST = "must"
    """A run in which it never began to has failed."""


class EventKind(Enum):
    """A happening that is not a phase."""

    SLEEPS = "sleeps"
    """The client's application is gone; its network process may read on for a while."""
    STOPS_READING = "stops-reading"
    """The client's intention; whether it took is for the kernel to say (``stalled``)."""
    READS_SLOWLY = "reads-slowly"
    """From now on no faster than its rate; an intention, too."""
    VANISHES = "vanishes"
    NETWORK_DOWN = "network-down"
    """For a while: no stall is meant by it, and a short one shows nothing."""
    NETWORK_UP = "network-up"
    WAKES = "wakes"
    HALF_CLOSES = "half-closes"
    """FIN from the client, which goes on existing (RFC 9293 3.6.1)."""
    CLOSE_IGNORED = "close-ignored"
    """The client has read the server's Close, and does not answer."""
    LEAVES = "leaves"
    """The client ends TCP without waiting for anybody; ``how`` says in what manner."""
    STALLED = "stalled"
    """The kernel confirms it; ``evidence`` says by what."""
    ZERO_WINDOW = "zero-window"
    PRODUCER_WAITS = "producer-waits"
    PONG_MISSING = "pong-missing"
    PONG_LATE = "pong-late"
    PROTOCOL_ERROR = "protocol-error"
    CLOSE_WANTED = "close-wanted"
    """The server has decided to close; its Close waits behind what is queued."""
    GUARD_ACTED = "guard-acted"
    """A guard's patience was over: the server has decided to end the connection."""
    CLOSE_RECEIVED = "close-received"
    END_SEEN = "end-seen"
    """The client has come upon the server's end of the connection: ``how`` is close (the frame), fin or
    reset. Who does not read sees nothing, whatever its kernel knows."""
    ABORTED = "aborted"
    ENDED = "ended"
    """The server has let go of the connection and of all that it held for it."""
    SOCKET_GONE = "socket-gone"
    """The kernel has let go of it too: nothing is queued, nothing is retransmitted any more."""
    MEMORY_CEILING = "memory-ceiling"
    TCP_MEMORY_PRESSURE = "tcp-memory-pressure"
    """The machine's TCP memory ran short during the run: buffers were not what was asked for."""


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
    policy_limits: bool
    """The server's policy has a limit, reached or not."""
    started_unix_s: float


class ConnectionInfo(Struct, frozen=True, tag="connection", kw_only=True):
    """One connection as it stood after its opening handshake."""

    connection: int
    tick: int
    """When it was opened."""
    client: str
    kind: str
    stalls: Stalls
    """What the client's kind is meant to do."""
    sndbuf_bytes_asked: int | None
    sndbuf_bytes_effective: int
    rcvbuf_bytes_asked: int | None
    rcvbuf_bytes_effective: int
    snd_mss_bytes: int
    maxseg_bytes_asked: int | None
    congestion: str
    tls: str = ""
    """The version that was negotiated; empty without TLS."""
    deflate: bool = False
    """permessage-deflate was negotiated."""

    @property
    def coded(self) -> bool:
        """Whether a coder stands between frames and the kernel, so that bytes can be pending in it."""
        return bool(self.tls) or self.deflate


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


class Resources(Struct, frozen=True, tag="resources", kw_only=True):
    """What the process held at the end of a tick: server, clients and this timeline together."""

    tick: int
    connections: int
    """Counted: those whose server's end is open."""
    queue_bytes: int
    """Counted: the application queues of all connections."""
    descriptors: int
    """Read: the entries of /proc/self/fd."""
    tasks: int
    """Read: trio's ``tasks_living``."""
    rss_bytes: int
    """Read: the resident set, from /proc/self/statm."""


class End(Struct, frozen=True, tag="end", kw_only=True):
    """The last line of a complete recording."""

    tick: int
    attempts: int
    """Times the run was executed; more than 1 where a kernel timer fired in lockstep."""
    wall_s: float
    interrupted: bool = False


Happening = PhaseEvent | Event
Record = Header | ConnectionInfo | Sample | Happening | Resources | End
