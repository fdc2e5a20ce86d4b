"""The scenario: what a run will do, resolved and frozen, made from a profile's text.

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
    """How time advances (docs/determinism.md)."""

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
    """The content of messages, which matters if they are compressed."""


class ServerSpec(Spec, frozen=True):
    """The server, its send policy, and every socket option that it sets."""

    internal: ClassVar[frozenset[str]] = frozenset({"options"})

    policy: str = "unbounded"
    """The send policy: what happens to a message that the kernel does not accept."""
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
    """How the server treats a FIN without a Close before it."""
    close_tick: TickNumber | None = None
    """The tick at which the server sends Close (1001) to all clients, as before a restart;
    absent: never.
    """
    memory_ceiling: Size = 256 * 2**20
    """Application queue over all connections at which the run is ended, verdict FAIL."""
    guards: dict[str, dict[str, Any]] = field(default_factory=dict)
    """``[server.guards.GUARD]`` tables: each guard that is on, by its name, with its options."""
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    """``[server.POLICY]`` tables: each policy's own options, by its name."""


class ClientGroup(Spec, frozen=True):
    """One or more clients with the same behaviour. All other keys are the client's own options."""

    internal: ClassVar[frozenset[str]] = frozenset({"options"})

    kind: str
    """The kind of client: one of those that ``stallsim list`` shows."""
    name: Name
    """The name of the group, by which ``--set``, expectations and every view refer to it."""
    count: Positive = 1
    """The number of clients; with arrivals, the most at any time."""
    arrival: Duration | None = None
    """The time from one arrival to the next; absent: all clients are connected from the start."""
    life: Duration | None = None
    """How long each client stays; then it leaves or, if asleep, ends as a closed tab does; absent: to the
    end.
    """
    draw: dict[str, Duration] = field(default_factory=dict)
    """Options that count ticks and are drawn for each connection, by their names."""
    options: dict[str, Any] = field(default_factory=dict)
    """The options of the kind."""


class Stack(Spec, frozen=True):
    """The network stack that the run lives in."""

    private: bool | None = None
    """Whether the run has a network namespace of its own (which needs no privilege if the system allows
    it). Absent: in lockstep wherever possible; in realtime if ``sysctl`` or a client needs one.
    """
    sysctl: dict[str, str | int] = field(default_factory=dict)
    """``net.ipv4.tcp_*`` settings of that private stack; any of them makes it private."""


class Scenario(Spec, frozen=True, kw_only=True):
    """A profile after ``--set``: what runs, and what the recording's header carries."""

    internal: ClassVar[frozenset[str]] = frozenset({"profile", "overridden"})

    profile: str
    """The name of the profile."""
    overridden: tuple[str, ...] = ()
    """The dotted path of each key that a ``--set`` has replaced."""
    title: str
    """One line: what happens."""
    description: str
    """What the profile does and which real incident it stands for."""
    expectation: str
    """What is expected to happen, in prose."""
    ticks: Positive
    """The last tick: no run goes on beyond it."""
    cycle: Positive | None = None
    """Ticks after which the load repeats itself: growth is measured from one cycle to the next."""
    pace: Pace = Pace.LOCKSTEP
    """What advances the time: lockstep or realtime."""
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    """The seed of all random schedules: the same seed gives the same schedule."""
    calm: Seconds = 0.0
    """The last seconds of the run, in which no client arrives and all that arrived have left. What is held
    then in excess of the beginning has leaked.
    """
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
