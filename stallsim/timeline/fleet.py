"""The figures of a fleet: the request, each worker's readings, and the fleet at each size.

A worker is a process that holds clients and reads them: this program (its name is empty), or one of
several on other machines. Its readings are counts, histograms and the few longest queues, not one row per
socket. Each worker reads the sockets of its own clients, and at most one worker reads the server's
processes, so that the readings of all can be merged (``fleet_merge``).
"""

from enum import StrEnum

from msgspec import Struct

from ..kinds import ParkedEnding
from .histogram import Histogram

LOCAL = ""
"""The name of the worker that is this program."""


class FleetLimits(Struct, frozen=True, kw_only=True):
    """Limits that a fleet must keep; None: no such limit."""

    memory_each: int | None = None
    """``--max-memory-per-client``, in bytes."""
    clients_min: int | None = None
    """``--min-clients``: the least clients, with the witnesses within their bounds."""
    fail_on: frozenset[str] = frozenset()
    """``--fail-on``: walls that the fleet must not reach."""


class FleetAsked(Struct, frozen=True, kw_only=True):
    """The request of a fleet, in a recording's header."""

    url: str
    server: str
    """The names of the server's processes; empty: they may not be read."""
    clients: int
    mix: dict[str, float]
    """The share of each kind of parked client; they add up to 1."""
    steps: int
    witnesses: int
    rate_per_s: float
    memory_bytes: int | None = None
    """The server's limit of memory (of its pod, say); None: the memory that its machine has left."""
    limits: FleetLimits = FleetLimits()
    memory_unread: str = ""
    """Why the server's memory and CPU cannot be read, and what would help; empty: they can."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """The planned number of clients at each step."""
        return sizes(self.clients, self.steps)


def sizes(clients: int, steps: int) -> tuple[int, ...]:
    """The planned numbers of clients at each of these steps, all in the end; for a few clients there are
    fewer steps.
    """
    planned = (clients * number // steps for number in range(1, steps + 1))
    return tuple(dict.fromkeys(size for size in planned if size))


class Ends(Struct, frozen=True, kw_only=True):
    """Parked clients that the server has ended in one way."""

    count: int = 0
    open_ms: Histogram = Histogram()
    """How long each connection had been open, in milliseconds."""


class HeldCount(Struct, frozen=True, kw_only=True):
    """The numbers of clients in each state, counted a few times per second."""

    wanted: int = 0
    """Clients ordered so far."""
    connecting: int = 0
    """Clients that connect, or wait for the answer to their opening handshake."""
    parked: int = 0
    """Clients that are open and behave as their kind does."""
    awake: int = 0
    """Parked clients that were woken and read everything."""
    refused: dict[str, int] = {}
    """Clients that never opened because the server or this machine refused them, by the reason."""
    unanswered: dict[str, int] = {}
    """Clients that never opened because no answer came in time, by what they received."""
    ended: dict[ParkedEnding, Ends] = {}
    """Clients that the server ended after they had opened."""
    lost: int = 0
    """Clients of a worker that has ended."""
    read_bytes: int = 0
    handshakes: int = 0
    """Opening handshakes that were completed so far."""
    opening_s: float = 0.0
    """Seconds so far from each order to open clients until its last completed handshake."""
    memory_bytes: int = 0
    """Memory of the processes that hold the clients, in which each counts its part of
    shared pages (Pss).
    """

    @property
    def ended_count(self) -> int:
        """Parked clients that have noticed that the server ended them (``_Clients.ended`` counts all)."""
        return sum(one.count for one in self.ended.values())

    @property
    def refused_count(self) -> int:
        """Clients that the server or this machine refused."""
        return sum(self.refused.values())

    @property
    def unanswered_count(self) -> int:
        """Clients that were not answered in time."""
        return sum(self.unanswered.values())

    @property
    def unopened_count(self) -> int:
        """Clients that never opened, for any reason."""
        return self.refused_count + self.unanswered_count

    @property
    def settled(self) -> bool:
        """Whether every ordered client has opened, ended, or failed."""
        return self.parked + self.ended_count + self.unopened_count + self.lost >= self.wanted


class Worst(Struct, frozen=True, kw_only=True):
    """One of the few sockets with the longest queues."""

    peer: str
    """Address and port of the client."""
    state: str
    """The TCP state (RFC 9293 3.3.2), by Linux's name."""
    queue_bytes: int


class FleetLook(Struct, frozen=True, kw_only=True):
    """One end of each connection at one moment; the server's if it is visible. Sizes are in bytes. The
    witnesses' connections are included.
    """

    connections: int
    by_state: dict[str, int]
    """Connections by TCP state (RFC 9293 3.3.2)."""
    stalled: int
    """Connections that the kernel confirms to be stalled: at two looks in a row, the window is smaller
    than the waiting segment, and nothing was acknowledged between them.
    """
    outq_bytes: int
    """Bytes in all send queues."""
    queues: Histogram
    """The sizes of the send queues."""
    of_clients: bool = False
    """Whether these are the clients' ends, since the server's are not visible. Queues are then receive
    queues. A client counts as stalled if it has not read, advertises less than a segment, and received
    nothing since the look before.
    """
    ended_unseen: int = 0
    """Connections that the server has ended without the client's notice: the FIN waits behind data that
    the client does not read (FIN-WAIT-1, CLOSING).
    """
    worst: tuple[Worst, ...] = ()
    """The connections with the longest queues, longest first."""
    took_s: float = 0.0
    """Seconds that the look took."""


class ChargedEnds(Struct, frozen=True):
    """The sum over one end of each connection."""

    sockets: int
    charged_bytes: int
    """Bytes that the kernel counts for ``tcp_mem``: received, unacknowledged and unsent bytes, its
    overhead for them, and its reserve. The sockets themselves are not included.
    """


class KernelMemory(Struct, frozen=True, kw_only=True):
    """The kernel's memory for the connections of a fleet, including the witnesses' (sock_diag)."""

    clients: ChargedEnds
    server: ChargedEnds | None = None
    """The server's ends; null: they cannot be read by this worker."""
    took_s: float = 0.0
    """Seconds that the reading took."""

    @property
    def charged_bytes(self) -> int:
        """The memory of both ends, or of those that can be read."""
        return self.clients.charged_bytes + (self.server.charged_bytes if self.server is not None else 0)


class Witnessed(Struct, frozen=True, kw_only=True):
    """The measurements of all witnesses over a period."""

    witnesses: int = 1
    seconds: float
    bytes_per_s: float
    """Payload of messages that each witness received, on average."""
    pongs: int
    p50_s: float | None
    """Median seconds from a Ping to its Pong, at most a sixteenth too long; None: there were too few."""
    p99_s: float | None
    worst_s: float
    """The longest wait, including Pings that had no Pong yet."""
    own_lag_s: float
    """The longest time for which this program did not run."""
    ended: int
    """Witnesses whose connection had ended."""
    waits_us: Histogram = Histogram()
    """Microseconds from each Ping to its Pong."""
    waiting_s: tuple[float, ...] = ()
    """Seconds that each Ping without a Pong had waited at the end."""
    silent_s: float = 0.0
    """The longest time in which a witness received no part of a message, without this program's own lag."""
    least_bytes_per_s: float | None = None
    """The least ``bytes_per_s`` in any five seconds of a step; None: the step was shorter."""
    given_bytes: int = 0
    """Payload of messages that all witnesses received."""


class _Clients:
    """The numbers of clients at a moment or a step."""

    __slots__ = ()
    tally: HeldCount
    look: FleetLook | None

    @property
    def ended_unseen(self) -> int:
        """Parked clients that the server has ended without their notice. The look includes the witnesses'
        connections, so the number is limited to that of the parked clients.
        """
        return min(self.look.ended_unseen, self.tally.parked) if self.look is not None else 0

    @property
    def open(self) -> int:
        """Parked clients that the server has not ended."""
        return self.tally.parked - self.ended_unseen

    @property
    def ended(self) -> int:
        """All clients that the server has ended, whether they have noticed it or not."""
        return sum(self.ends.values())

    @property
    def ends(self) -> dict[ParkedEnding, int]:
        """``ended`` by the way in which the end was observed."""
        seen = {how: one.count for how, one in self.tally.ended.items()}
        return seen | ({ParkedEnding.FIN_WAIT_1: self.ended_unseen} if self.ended_unseen else {})


class Reading(_Clients, Struct, frozen=True, tag="fleet-reading", kw_only=True):
    """One worker's reading at one moment."""

    tick: int
    """The tick on the recording's time axis, independent of the worker's clock."""
    worker: str = LOCAL
    tally: HeldCount
    witnessed: Witnessed | None = None
    """Measurements since this worker's reading before; None: it has no witnesses."""
    look: FleetLook | None = None
    """None: not visible to this worker."""
    rss_bytes: int | None = None
    """RSS of the server's processes; None: this worker cannot read it."""
    cpu_s: float | None = None
    """CPU seconds of the server's processes so far."""
    tcp_memory_bytes: int | None = None
    """Memory of all TCP sockets of the worker's machine (/proc/net/sockstat)."""
    kernel_memory: KernelMemory | None = None
    """Kernel memory of connections with an end on the worker's machine; null: not read at that moment."""


class Room(Struct, frozen=True, kw_only=True):
    """What is left for further clients; None: not known."""

    memory_bytes: int | None = None
    """Memory left to the server, up to its limit or its machine's."""
    tcp_bytes: int | None = None
    """TCP memory left up to the pressure mark of net.ipv4.tcp_mem."""
    descriptors: int | None = None
    """Descriptors left up to the server's limit of open files."""


class StepKind(StrEnum):
    """The moments at which a step of a fleet's result is taken."""

    BASELINE = "baseline"
    """Before the first parked client."""
    STEP = "step"
    """The fleet at one size."""
    HELD = "held"
    """The whole fleet, after it was held for some time."""
    WOKEN = "woken"
    """While a share of the fleet drained."""


class FleetStep(_Clients, Struct, frozen=True, kw_only=True):
    """The fleet at one size."""

    clients: int
    """Clients ordered by then."""
    tally: HeldCount
    witnessed: Witnessed
    """Measurements after that, while no client was opened."""
    look: FleetLook | None
    """The server's ends; null: not on this machine."""
    rss_bytes: int | None
    """RSS of the server's processes; null: it cannot be read."""
    rss_before_bytes: int | None = None
    """RSS when all clients had opened, before the witnesses were watched."""
    rss_most_bytes: int | None = None
    """The highest RSS at any reading since the step before."""
    cpu_share: float | None
    """CPU seconds per second of the server's processes while the witnesses were watched."""
    tcp_memory_bytes: int | None
    """Memory of all TCP sockets of the machine (/proc/net/sockstat)."""
    kernel_memory: KernelMemory | None = None
    """Kernel memory of the fleet's and the witnesses' connections (sock_diag); null: it cannot be read."""
    room: Room = Room()
    suffering: str = ""
    """Which bound the witnesses have exceeded, and by how much; empty: none."""
    unjudged: str = ""
    """Why it is not known whether the witnesses kept their bounds; empty: it is known."""
    server_ended: str = ""
    """How it was observed that the server has ended; empty: it was not."""
    over_memory: str = ""
    """By how much the server's memory has exceeded its limit since the step before; empty: it has not."""


class Stepped(Struct, frozen=True, tag="fleet-step", kw_only=True):
    """The end of a step, from which the verdict is made."""

    tick: int
    kind: StepKind
    step: FleetStep


class Worker(Struct, frozen=True, tag="fleet-worker", kw_only=True):
    """A worker receives a share of the clients, or another share than before."""

    tick: int
    name: str
    host: str
    """The name of the worker's machine."""
    clients: int
    """The number of clients that the worker holds."""
    clock_offset_s: float
    """The worker's clock minus the recording's; it is subtracted from the times of the
    worker's readings.
    """
    clock_error_s: float
    """The most by which the offset may be wrong: half the round trip in which it was measured."""


OfAFleet = Reading | Stepped | Worker
