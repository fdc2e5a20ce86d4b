"""What a run will do, resolved and frozen. A profile is text; a scenario is this.

The structs below are also the profile's schema: field names in kebab-case are its keys.
"""

from enum import Enum
from random import Random
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct, field

from .content import Content
from .habits import Fin, WriteMode
from .units import BufferSize, FrameSize, Seconds, Size


class Pace(Enum):
    """Who moves time (docs/determinism.md)."""

    LOCKSTEP = "lockstep"
    """As fast as the machine allows, every queue settled at every tick: byte for byte repeatable."""
    REALTIME = "realtime"
    """Ticks on the wall clock: for what the kernel's own timers decide."""


Positive = Annotated[int, Meta(ge=1, le=10_000_000)]
TickNumber = Annotated[int, Meta(ge=0, le=10_000_000)]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]


class Spec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A piece of a profile: frozen, unknown keys refused."""

    internal: ClassVar[frozenset[str]] = frozenset()
    """Fields that are filled in by us, and are no keys of a profile."""


class Stream(Spec, frozen=True):
    """The one stream that is broadcast to every client."""

    frame: FrameSize = 6680
    """Bytes of one frame on the wire, WebSocket header included."""
    interval: Seconds = 0.005
    """Time between two messages; one message a tick."""
    keys: Positive = 1
    """What messages are about, in turn: message n has key n modulo this (for ``conflate``)."""
    content: Content = Content.RANDOM
    """What messages carry; it matters where they are compressed."""


class ServerSpec(Spec, frozen=True):
    """The server, its send policy, and every socket option that it sets."""

    internal: ClassVar[frozenset[str]] = frozenset({"options"})

    policy: str = "unbounded"
    write: WriteMode = WriteMode.UNTIL_REFUSED
    sndbuf: BufferSize | None = None
    """SO_SNDBUF asked for (the kernel doubles it); absent: auto-tuned, and the run is not pinned."""
    nodelay: bool = True
    congestion: str | None = None
    """TCP_CONGESTION on both ends; absent: the system's default, and the run is not pinned."""
    tls: bool = False
    """The server speaks TLS 1.3, and every client with it (``wss://``)."""
    deflate: bool = False
    """The server agrees to permessage-deflate (RFC 7692) with every client that offers it."""
    ping_interval: Seconds | None = None
    """A WebSocket Ping to every client this often; absent: none, unless a guard wants them."""
    fin: Fin = Fin.ENDS
    close_tick: TickNumber | None = None
    """When the server says Close (1001) to everybody, as before a restart; absent: never."""
    memory_ceiling: Size = 256 * 2**20
    """Application queue over all connections at which the run is ended, verdict FAIL."""
    guards: dict[str, dict[str, Any]] = {}
    """``[server.guards.GUARD]`` tables: each guard that is on, by its name, with its options."""
    options: dict[str, dict[str, Any]] = {}
    """``[server.POLICY]`` tables: each policy's own options, by its name."""


class Duration(Spec, frozen=True):
    """A time that is drawn by chance, from the scenario's seed: with ``mean`` an exponential
    distribution, without one a uniform one; never less than ``min`` or more than ``max``.
    """

    mean: Seconds | None = None
    min: Seconds = 0.0
    max: Seconds = 3600.0

    def draw(self, random: Random) -> float:
        """One duration, in seconds."""
        if self.mean is None:
            return random.uniform(self.min, self.max)
        return min(max(random.expovariate(1 / self.mean), self.min), self.max)


class ClientGroup(Spec, frozen=True):
    """One or more clients that behave alike. All other keys are the client's own options."""

    internal: ClassVar[frozenset[str]] = frozenset({"options"})

    kind: str
    name: Name
    count: Annotated[int, Meta(ge=1, le=10_000)] = 1
    """How many there are; of a group with arrivals, how many there are at most at any time."""
    arrival: Duration | None = None
    """Time from one arrival to the next; absent: all are there from the start."""
    life: Duration | None = None
    """How long each stays: then it leaves, or, asleep, ends as a closed tab does; absent: to the end."""
    draw: dict[str, Duration] = {}
    """Options that count ticks and are drawn for each connection, by their names."""
    options: dict[str, Any] = {}


class Stack(Spec, frozen=True):
    """The network stack that the run lives in."""

    private: bool = False
    """In a user + network namespace of its own (no privilege needed where the system allows it)."""
    sysctl: dict[str, str | int] = {}
    """``net.ipv4.tcp_*`` settings of that private stack; any of them makes it private."""


class Metric(Enum):
    """What an expectation can bound, for each connection of the group."""

    QUEUE_BYTES_MAX = "queue-bytes-max"
    QUEUE_MESSAGES_MAX = "queue-messages-max"
    QUEUE_CAPACITY_BYTES_MAX = "queue-capacity-bytes-max"
    PENDING_BYTES_MAX = "pending-bytes-max"
    QUEUE_BYTES_END = "queue-bytes-end"
    HELD_BYTES_MAX = "held-bytes-max"
    OUTQ_BYTES_MAX = "outq-bytes-max"
    RCVQ_BYTES_MAX = "rcvq-bytes-max"
    PRODUCED_MESSAGES = "produced-messages"
    READ_BYTES = "read-bytes"
    READ_MESSAGES = "read-messages"
    DROPPED_BYTES = "dropped-bytes"
    DISCARDED_BYTES = "discarded-bytes"


class Expectation(Spec, frozen=True):
    """One ``[[expect]]``: all that it names must hold. Without any, a run passes if it is sound."""

    client: str | None = None
    """A group's name; absent: every client."""
    phases: list[str] = []
    """Phases and events that must occur, in this order (others may lie between)."""
    never: list[str] = []
    """Phases and events that must not occur."""
    metric: Metric | None = None
    min: Size | None = None
    max: Size | None = None
    equals: Size | None = None


class Scenario(Spec, frozen=True, kw_only=True):
    """A profile after ``--set``: what runs, and what the recording's header carries."""

    internal: ClassVar[frozenset[str]] = frozenset({"profile"})

    profile: str
    title: str
    description: str
    expectation: str
    ticks: Positive
    """The hard last tick: no run goes on beyond it."""
    pace: Pace = Pace.LOCKSTEP
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    """Of every schedule that is drawn by chance: the same seed, the same schedule."""
    stream: Stream = Stream()
    server: ServerSpec = ServerSpec()
    clients: list[ClientGroup]
    stack: Stack = Stack()
    expect: list[Expectation] = field(default_factory=list)

    @property
    def tick_s(self) -> float:
        """Scenario time between two ticks, in seconds."""
        return float(self.stream.interval)

    @property
    def wants_private_stack(self) -> bool:
        """Whether the profile itself asks for a private stack."""
        return self.stack.private or bool(self.stack.sysctl)

    @property
    def connections(self) -> int:
        """Connections that the run opens."""
        return sum(group.count for group in self.clients)
