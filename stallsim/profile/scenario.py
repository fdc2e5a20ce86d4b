"""What a run will do, resolved and frozen. A profile is text; a scenario is this.

The structs below are also the profile's schema: field names in kebab-case are its keys.
"""

from enum import Enum
from typing import Annotated, Any, ClassVar

from msgspec import Meta, field

from ..content import Content
from ..units import BufferSize, FrameSize, Seconds, Size
from .expectation import Expectation
from .habits import Fin, WriteMode
from .spec import Duration, Name, Positive, Spec, TickNumber


class Pace(Enum):
    """Who moves time (docs/determinism.md)."""

    LOCKSTEP = "lockstep"
    """As fast as the machine allows, every queue settled at every tick: byte for byte repeatable."""
    REALTIME = "realtime"
    """Ticks on the wall clock: for what the kernel's own timers decide."""


class Stream(Spec, frozen=True):
    """The one stream that is broadcast to every client."""

    frame: FrameSize = 6680
    """Bytes of one frame on the wire, WebSocket header included."""
    interval: Seconds = 0.005
    """Time between two ticks."""
    every: Positive = 1
    """Ticks from one message to the next; more than 1 is a trickle, quiet in between."""
    keys: Positive = 1
    """What messages are about, in turn: message n has key n modulo this (for ``conflate``)."""
    content: Content = Content.RANDOM
    """What messages carry; it matters where they are compressed."""


class ServerSpec(Spec, frozen=True):
    """The server, its send policy, and every socket option that it sets."""

    internal: ClassVar[frozenset[str]] = frozenset({"options"})

    policy: str = "unbounded"
    """The send policy: what becomes of a message that the kernel does not take."""
    write: WriteMode = WriteMode.UNTIL_REFUSED
    """When the server writes: until the kernel refuses, or only when epoll offers the write."""
    sndbuf: BufferSize | None = None
    """SO_SNDBUF asked for (the kernel doubles it); absent: auto-tuned, and the run is not pinned."""
    nodelay: bool = True
    """TCP_NODELAY on the server's sockets: small segments are sent at once (RFC 9293 3.7.4)."""
    congestion: str | None = None
    """TCP_CONGESTION on both ends; absent: the system's default, and the run is not pinned."""
    tls: bool = False
    """The server speaks TLS 1.3, and every client with it (``wss://``)."""
    deflate: bool = False
    """The server agrees to permessage-deflate (RFC 7692) with every client that offers it."""
    ping_interval: Seconds | None = None
    """A WebSocket Ping to every client this often; absent: none, unless a guard wants them."""
    fin: Fin = Fin.ENDS
    """What the server makes of a FIN that came without a Close."""
    close_tick: TickNumber | None = None
    """When the server says Close (1001) to everybody, as before a restart; absent: never."""
    memory_ceiling: Size = 256 * 2**20
    """Application queue over all connections at which the run is ended, verdict FAIL."""
    guards: dict[str, dict[str, Any]] = field(default_factory=dict)
    """``[server.guards.GUARD]`` tables: each guard that is on, by its name, with its options."""
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    """``[server.POLICY]`` tables: each policy's own options, by its name."""


class ClientGroup(Spec, frozen=True):
    """One or more clients that behave alike. All other keys are the client's own options."""

    internal: ClassVar[frozenset[str]] = frozenset({"options"})

    kind: str
    """The kind of client: one of those that ``stallsim list`` shows."""
    name: Name
    """The name of the group, by which ``--set``, expectations and every view refer to it."""
    count: Positive = 1
    """How many there are; of a group with arrivals, how many there are at most at any time."""
    arrival: Duration | None = None
    """Time from one arrival to the next; absent: all are there from the start."""
    life: Duration | None = None
    """How long each stays: then it leaves, or, asleep, ends as a closed tab does; absent: to the end."""
    draw: dict[str, Duration] = field(default_factory=dict)
    """Options that count ticks and are drawn for each connection, by their names."""
    options: dict[str, Any] = field(default_factory=dict)
    """The options of the kind."""


class Stack(Spec, frozen=True):
    """The network stack that the run lives in."""

    private: bool | None = None
    """In a network namespace of its own (no privilege needed where the system allows it). Absent: in
    lockstep wherever one can be had; in realtime where ``sysctl`` or a client needs one."""
    sysctl: dict[str, str | int] = field(default_factory=dict)
    """``net.ipv4.tcp_*`` settings of that private stack; any of them makes it private."""


class Scenario(Spec, frozen=True, kw_only=True):
    """A profile after ``--set``: what runs, and what the recording's header carries."""

    internal: ClassVar[frozenset[str]] = frozenset({"profile", "overridden"})

    profile: str
    overridden: tuple[str, ...] = ()
    """The dotted path of each key that a ``--set`` has replaced."""
    """The name of the profile."""
    title: str
    """One line: what happens."""
    description: str
    """What the profile does and which real incident it stands for."""
    expectation: str
    """What should be seen, in prose."""
    ticks: Positive
    """The hard last tick: no run goes on beyond it."""
    cycle: Positive | None = None
    """Ticks after which the load repeats itself: growth is measured from one cycle to the next."""
    pace: Pace = Pace.LOCKSTEP
    """Who moves time: lockstep or realtime."""
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    """Of every schedule that is drawn by chance: the same seed, the same schedule."""
    calm: Seconds = 0.0
    """The run's last stretch, in which nobody arrives and whoever arrived has left: what is held then,
    over what was held at first, has leaked."""
    stream: Stream = Stream()
    """The one stream that is broadcast."""
    server: ServerSpec = ServerSpec()
    """The server and its defences."""
    clients: list[ClientGroup]
    """The groups of clients, in the order in which they connect."""
    stack: Stack = Stack()
    """The network stack that the run lives in."""
    expect: list[Expectation] = field(default_factory=list)
    """What must hold for the verdict PASS."""

    @property
    def tick_s(self) -> float:
        """Scenario time between two ticks, in seconds."""
        return float(self.stream.interval)

    @property
    def wants_private_stack(self) -> bool:
        """Whether the profile asks for a private stack, so that it does not run without one."""
        return bool(self.stack.private or self.stack.sysctl)

    @property
    def other_defence(self) -> bool:
        """Whether a ``--set`` has given the server a defence that the profile does not have."""
        parts = [path.split(".") for path in self.overridden]
        plain = set(ServerSpec.__struct_encode_fields__) - {"policy", "guards", "options"}
        return any(part[0] == "server" and part[1] not in plain for part in parts)

    @property
    def connections(self) -> int:
        """Connections that the run opens."""
        return sum(group.count for group in self.clients)
