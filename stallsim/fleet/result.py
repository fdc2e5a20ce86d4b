"""What a fleet found: one struct, which ``--json`` prints."""

from enum import StrEnum

from msgspec import Struct

from ..timeline.fleet.merge import PONGS_MIN
from ..timeline.fleet.reading import Reading
from ..timeline.fleet.steps import FleetStep
from ..timeline.fleet.witnessed import Witnessed
from ..version import __version__
from .mix import Mix

SCHEMA = "stallsim.fleet/1"


class Cost(Struct, frozen=True, kw_only=True):
    """What one more parked client costs: the median slope over the steps, and the middle half of all."""

    each: float
    low: float
    high: float


class HeldCost(Struct, frozen=True, kw_only=True):
    """What one parked client costs after the whole fleet was held."""

    each: float
    after_s: float
    """For how long it was held."""
    each_second: float
    """What one client has added in each second of it."""


class EndsCost(Struct, frozen=True, kw_only=True):
    """Kernel memory that one more parked client takes, at each end of its connection (sock_diag).

    It is the slope over the ends that were seen; null: they were not seen at three sizes.
    """

    client: Cost | None = None
    client_held: HeldCost | None = None
    """After the hold; null: it was not held, or not to be read."""
    server: Cost | None = None
    server_held: HeldCost | None = None


class Wall(StrEnum):
    """What ends the growth of such a fleet first."""

    WITNESSES = "witnesses"
    """The witnesses suffer: this was seen."""
    MEMORY = "memory"
    """The server's memory: it has passed its limit, or at the slope that was measured it ends there."""
    TCP_MEM = "tcp_mem"
    """The machine's TCP memory, at the slope that was measured: calculated."""
    DESCRIPTORS = "descriptors"
    """The server's limit of open files."""
    REFUSED = "refused"
    """The server, or its kernel, refuses more clients (RST, an HTTP status): this was seen."""
    UNANSWERED = "unanswered"
    """More clients wait in vain for an answer to their opening handshake: this was seen."""
    SERVER_ENDED = "server-ended"
    """The server's processes, or all the witnesses' connections, have ended: this was seen."""
    NONE = "none"
    """None was seen, and none can be calculated."""


class Capacity(Struct, frozen=True, kw_only=True):
    """How many parked clients the server takes."""

    wall: Wall
    clients: int | None
    """At how many clients the wall is; null: not known."""
    seen: bool
    """Whether it was reached in this run; else it is calculated from the costs."""
    held: int = 0
    """The most parked clients below the first size at which the witnesses left their bounds, at a size at
    which it is known that they kept them.
    """
    open_below: int = 0
    """The same with the sizes at which that is not known (``FleetStep.unjudged``)."""
    reason: str = ""
    """How the witnesses suffered, what was passed, or why no capacity can be calculated; else empty."""
    already: bool = False
    """The server's memory was over its limit before the first client."""
    after_s: float = 0.0
    """It is calculated from the cost after so long a hold, which is the larger one; 0: from the slope."""
    unknown: tuple[Wall, ...] = ()
    """Walls that may come before it: what one client costs there is not known."""


class Kept(StrEnum):
    """What a limit came to."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_TESTED = "not tested"
    """It could not be measured: no success."""


class LimitReport(Struct, frozen=True, kw_only=True):
    """One limit of the command line, held against the result."""

    limit: str
    """As the option is called, without its dashes."""
    kept: Kept
    words: str


class FleetResult(Struct, frozen=True, kw_only=True):
    """Every step, what one client costs, how many the server takes."""

    schema: str = SCHEMA
    stallsim: str = __version__
    url: str
    server: str
    mix: Mix
    sizes: tuple[int, ...]
    """How many clients there were to be at each step."""
    baseline: Witnessed
    steps: tuple[FleetStep, ...]
    memory: Cost | None
    """Bytes of the server's processes; null: not to be read, or too few steps."""
    memory_held: HeldCost | None = None
    """The same after the hold; null: it was not held, or not to be read."""
    memory_unread: str = ""
    """Why memory and CPU of the server's processes could not be read, and what would help."""
    memory_limit_bytes: int | None = None
    """What the server's memory must not pass; null: no such limit was given."""
    kernel: EndsCost = EndsCost()
    """Bytes that the kernel has charged to the fleet's own sockets."""
    tcp_memory: Cost | None
    """Bytes of the machine's TCP memory, both ends where both are on this machine; null: not to be read,
    too few steps, or other traffic of the machine moved it by more."""
    tcp_memory_held: HeldCost | None = None
    """The same after the hold."""
    capacity: Capacity
    held: FleetStep | None = None
    """After the whole fleet was held for a while; null: it was not."""
    waking: FleetStep | None = None
    """While a share of the fleet drained; null: none was woken."""
    reached: Reading | None = None
    """The last reading of a fleet that was interrupted, with what the witnesses were given since the last
    step; no bound was judged of it. Null: it was not interrupted, or a step ended with that reading."""
    completed_per_s: float = 0.0
    """How many opening handshakes were completed in a second, until the last one was."""
    missing: int = 0
    """Clients that were lost with their workers, and that no other worker opened."""
    none_open: str = ""
    """Why no parked client was there to be judged; empty: some were open at the end of a look."""
    unstalled: str = ""
    """Why nothing is known of stalled clients; empty: some were stalled, or it cannot be seen."""
    server_ended: str = ""
    """By what it was seen that the server has ended; empty: that was not seen."""
    stopped: str = ""
    """Why the fleet stopped growing before its end; empty: it did not."""
    interrupted: bool = False
    private_stack: bool = False
    """Whether server and clients were in a network stack of their own, as half-open clients may need it."""
    limits: tuple[LimitReport, ...] = ()

    @property
    def unmet(self) -> tuple[LimitReport, ...]:
        """Limits that were broken, or could not be tested."""
        return tuple(one for one in self.limits if one.kept is not Kept.KEPT)

    @property
    def latest(self) -> FleetStep | Reading | None:
        """The fleet as it was seen last, before a share of it had drained; None: not even at one size."""
        return self.reached or self.held or next(reversed(self.steps), None)

    @property
    def unjudged(self) -> dict[int, str]:
        """Why it is not known whether the witnesses kept their bounds, by the number of clients."""
        stood = (*self.steps, *filter(None, (self.held,)))
        return {one.clients: one.unjudged for one in stood if one.unjudged}

    @property
    def open_most(self) -> int:
        """The most clients that were open at the end of a look."""
        return max((one.open for one in (*self.steps, *filter(None, (self.held,)))), default=0)

    @property
    def within_tls(self) -> bool:
        """Whether what the server sends is sealed."""
        return self.url.startswith("wss:")

    @property
    def watched_s(self) -> float:
        """For how long the witnesses were watched after the baseline."""
        return sum(one.witnessed.seconds for one in (*self.steps, *filter(None, (self.held,))))

    @property
    def witnesses_tell(self) -> bool:
        """Whether the witnesses were given anything by which they could be seen to suffer."""
        return self.baseline.bytes_per_s > 0 or self.baseline.pongs >= PONGS_MIN
