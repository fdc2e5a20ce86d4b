"""A fleet in numbers: what was asked for, what each worker reads, and the fleet at each size.

A worker is whoever holds clients and reads: this program (its name is empty), or one of several on other
machines. Its readings have no row for a socket: counts, histograms, and the few longest queues. Each worker
reads the sockets of its own clients, and at most one of them the server's processes, so that the readings
of all can be put together (``fleet_merge``).
"""

from enum import StrEnum

from msgspec import Struct

from ..kinds import ParkedEnding
from .histogram import Histogram

LOCAL = ""
"""The worker that is this program."""


class FleetLimits(Struct, frozen=True, kw_only=True):
    """Limits that a fleet must keep; None: no such limit."""

    memory_each: int | None = None
    """``--max-memory-per-client``, in bytes."""
    clients_min: int | None = None
    """``--min-clients``: so many, with the witnesses within their bounds."""
    fail_on: frozenset[str] = frozenset()
    """``--fail-on``: walls that must not be seen."""


class FleetAsked(Struct, frozen=True, kw_only=True):
    """In a recording's header: what the fleet was to be."""

    url: str
    server: str
    """What the server's processes are called; empty where that may not be read."""
    clients: int
    mix: dict[str, float]
    """Shares of the kinds of parked clients; they add up to 1."""
    steps: int
    witnesses: int
    rate_per_s: float
    memory_bytes: int | None = None
    """The server's limit, of its pod, say; None: what its machine has left."""
    limits: FleetLimits = FleetLimits()
    memory_unread: str = ""
    """Why memory and CPU of the server's processes cannot be read, and what would help; empty: they can."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many clients there are to be at each step."""
        return sizes(self.clients, self.steps)


def sizes(clients: int, steps: int) -> tuple[int, ...]:
    """How many clients there are to be at each of so many steps, in the end all; fewer steps for a few."""
    planned = (clients * number // steps for number in range(1, steps + 1))
    return tuple(dict.fromkeys(size for size in planned if size))


class Ends(Struct, frozen=True, kw_only=True):
    """Parked clients whose connection the server has ended in one way."""

    count: int = 0
    open_ms: Histogram = Histogram()
    """For how long each had been open, in milliseconds."""


class HeldCount(Struct, frozen=True, kw_only=True):
    """What is held, a few times a second."""

    wanted: int = 0
    """Ordered so far."""
    connecting: int = 0
    """Connecting, or waiting for the answer to their opening handshake."""
    parked: int = 0
    """Open, and doing what their kind does."""
    awake: int = 0
    """Of the parked: woken, reading everything."""
    refused: dict[str, int] = {}
    """That never opened, since the server or this machine refused it, by the reason."""
    unanswered: dict[str, int] = {}
    """That never opened, since nobody answered in time, by what they were given."""
    ended: dict[ParkedEnding, Ends] = {}
    """Ended by the server after they had opened."""
    lost: int = 0
    """Held by a worker that has ended, and its clients with it."""
    read_bytes: int = 0
    opening_s: float = 0.0
    """For how long there were clients to be opened, so far."""
    memory_bytes: int = 0
    """Of the processes that hold the clients; of a page that several share, each counts its part (Pss)."""

    @property
    def ended_count(self) -> int:
        """How many parked clients have seen that the server has ended them (``_Clients.ended``: all)."""
        return sum(one.count for one in self.ended.values())

    @property
    def refused_count(self) -> int:
        """How many clients the server or this machine refused."""
        return sum(self.refused.values())

    @property
    def unanswered_count(self) -> int:
        """How many clients were not answered in time."""
        return sum(self.unanswered.values())

    @property
    def unopened_count(self) -> int:
        """How many clients never opened, for any reason."""
        return self.refused_count + self.unanswered_count

    @property
    def settled(self) -> bool:
        """Whether everything that was ordered has been decided."""
        return self.parked + self.ended_count + self.unopened_count + self.lost >= self.wanted


class Worst(Struct, frozen=True, kw_only=True):
    """One of the few sockets with the longest queues."""

    peer: str
    """Address and port of the client."""
    state: str
    """Of TCP (RFC 9293 3.3.2), as Linux names it."""
    queue_bytes: int


class FleetLook(Struct, frozen=True, kw_only=True):
    """One end of each connection at one moment, the server's where it is visible. Sizes are bytes; the
    witnesses' connections are among them.
    """

    connections: int
    by_state: dict[str, int]
    """Counted by state of TCP (RFC 9293 3.3.2)."""
    stalled: int
    """The kernel confirms it: the window is smaller than the segment that waits, at two looks in a row, and
    nothing was acknowledged between them."""
    outq_bytes: int
    """Of all send queues together."""
    queues: Histogram
    """Of the send queues."""
    of_clients: bool = False
    """These are the clients' ends, since the server's are not visible: the queues are what was not read;
    stalled is who has not read, advertises less than a segment, and was given nothing since a look ago."""
    ended_unseen: int = 0
    """Of the server's ends: it has ended these, and its FIN waits behind data that the client does not
    read (FIN-WAIT-1, CLOSING), so that the client has seen nothing of that."""
    worst: tuple[Worst, ...] = ()
    """The longest queues first."""
    took_s: float = 0.0
    """How long it took to look."""


class ChargedEnds(Struct, frozen=True):
    """One end of each connection, together."""

    sockets: int
    charged_bytes: int
    """What the kernel counts for ``tcp_mem``: received, unacknowledged and unsent bytes, with what it needs
    around them, and what it has reserved. The sockets themselves are not in it."""


class KernelMemory(Struct, frozen=True, kw_only=True):
    """What the kernel has charged to the connections of a fleet (sock_diag); the witnesses' among them."""

    clients: ChargedEnds
    server: ChargedEnds | None = None
    """The server's ends; null: they are not seen from there."""
    took_s: float = 0.0
    """How long it took to read it."""

    @property
    def charged_bytes(self) -> int:
        """Of both ends, or of those that are seen."""
        return self.clients.charged_bytes + (self.server.charged_bytes if self.server is not None else 0)


class Witnessed(Struct, frozen=True, kw_only=True):
    """How the witnesses fared for a while, all of them together."""

    witnesses: int = 1
    seconds: float
    bytes_per_s: float
    """Payload of messages that each of them was given, on average."""
    pongs: int
    p50_s: float | None
    """From a Ping to its Pong, at most a sixteenth too long; None: there were too few."""
    p99_s: float | None
    worst_s: float
    """The longest; a Ping that still waited counts as well."""
    own_lag_s: float
    """The longest time for which this program itself was kept from looking."""
    ended: int
    """Witnesses whose connection had ended."""
    waits_us: Histogram = Histogram()
    """From each Ping to its Pong, in microseconds."""
    waiting_s: tuple[float, ...] = ()
    """For how long each Ping that had no Pong at the end had waited by then."""
    silent_s: float = 0.0
    """The longest time in which one of them was given no part of a message, less this program's own lag."""
    least_bytes_per_s: float | None = None
    """The least of ``bytes_per_s`` in any five seconds of a step; None: it was shorter."""
    given_bytes: int = 0
    """Payload of messages that all of them were given, counted."""


class _Clients:
    """Of a moment or a step: how many clients are what, as far as that is to be seen."""

    __slots__ = ()
    tally: HeldCount
    look: FleetLook | None

    @property
    def ended_unseen(self) -> int:
        """Parked clients that the server has ended, and that have seen nothing of it; the look has the
        witnesses' connections in it, so there are no more than are parked.
        """
        return min(self.look.ended_unseen, self.tally.parked) if self.look is not None else 0

    @property
    def open(self) -> int:
        """Parked clients that the server has not ended."""
        return self.tally.parked - self.ended_unseen

    @property
    def ended(self) -> int:
        """Clients that the server has ended, whether they have seen it or not: the one number of them."""
        return sum(self.ends.values())

    @property
    def ends(self) -> dict[ParkedEnding, int]:
        """The same by how it was seen."""
        seen = {how: one.count for how, one in self.tally.ended.items()}
        return seen | ({ParkedEnding.FIN_WAIT_1: self.ended_unseen} if self.ended_unseen else {})


class Reading(_Clients, Struct, frozen=True, tag="fleet-reading", kw_only=True):
    """What one worker reads at one moment."""

    tick: int
    """On the recording's time axis, whatever the worker's clock says."""
    worker: str = LOCAL
    tally: HeldCount
    witnessed: Witnessed | None = None
    """Since this worker's reading before; None: it has no witnesses."""
    look: FleetLook | None = None
    """None: not visible from there."""
    rss_bytes: int | None = None
    """The server's processes; None: not to be read from there."""
    cpu_s: float | None = None
    """CPU time of the server's processes, so far."""
    tcp_memory_bytes: int | None = None
    """What all TCP of the worker's machine holds (/proc/net/sockstat)."""
    kernel_memory: KernelMemory | None = None
    """Of the connections whose ends are on the worker's machine; null: not read at that moment."""


class Room(Struct, frozen=True, kw_only=True):
    """What is left for more clients; None: not known."""

    memory_bytes: int | None = None
    """For the server: up to its limit, or of its machine."""
    tcp_bytes: int | None = None
    """Up to the pressure mark of net.ipv4.tcp_mem."""
    descriptors: int | None = None
    """The server's limit of open files."""


class StepKind(StrEnum):
    """When, in the course of a fleet, a step of its result was taken."""

    BASELINE = "baseline"
    """Before the first parked client."""
    STEP = "step"
    """The fleet at one size."""
    HELD = "held"
    """The whole fleet, after it was held for a while."""
    WOKEN = "woken"
    """While a share of the fleet drained."""


class FleetStep(_Clients, Struct, frozen=True, kw_only=True):
    """The fleet at one size."""

    clients: int
    """Ordered until then."""
    tally: HeldCount
    witnessed: Witnessed
    """While nothing was opened, after that."""
    look: FleetLook | None
    """The server's ends; null: not on this machine."""
    rss_bytes: int | None
    """The server's processes; null: not to be read."""
    rss_before_bytes: int | None = None
    """The same when all had opened, before the witnesses were watched."""
    rss_most_bytes: int | None = None
    """The most of it at any reading since the step before."""
    cpu_share: float | None
    """CPU seconds a second of them, while the witnesses were watched."""
    tcp_memory_bytes: int | None
    """What the whole machine's TCP holds (/proc/net/sockstat)."""
    kernel_memory: KernelMemory | None = None
    """Of the fleet's connections and the witnesses' (sock_diag); null: not to be read."""
    room: Room = Room()
    suffering: str = ""
    """Which bound the witnesses have left, and by how much; empty: they have kept theirs."""
    server_ended: str = ""
    """By what it was seen that the server has ended; empty: that was not seen."""
    over_memory: str = ""
    """By how much the server's memory has passed its limit since the step before; empty: it has not."""


class Stepped(Struct, frozen=True, tag="fleet-step", kw_only=True):
    """The end of a step, of which the verdict is made."""

    tick: int
    kind: StepKind
    step: FleetStep


class Worker(Struct, frozen=True, tag="fleet-worker", kw_only=True):
    """A worker is given a share of the clients, or one of another size."""

    tick: int
    name: str
    host: str
    """Its machine's name."""
    clients: int
    """Its share."""
    clock_offset_s: float
    """Its clock minus the recording's: what was taken from the times of its readings."""
    clock_error_s: float
    """By at most so much the offset may be wrong: half the round trip in which it was measured."""


OfAFleet = Reading | Stepped | Worker
