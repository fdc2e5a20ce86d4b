"""What a fleet found: one struct, which ``--json`` prints."""

from enum import StrEnum

from msgspec import Struct

from ..timeline.fleet import FleetStep, Witnessed
from ..version import __version__
from .mix import Mix

SCHEMA = "stallsim.fleet/1"


class Cost(Struct, frozen=True, kw_only=True):
    """What one more parked client costs: the median slope over the steps, and the middle half of all."""

    each: float
    low: float
    high: float


class Wall(StrEnum):
    """What ends the growth of such a fleet first."""

    WITNESSES = "witnesses"
    """The witnesses suffer: this was seen."""
    MEMORY = "memory"
    """The server's memory, at the slope that was measured: calculated."""
    TCP_MEM = "tcp_mem"
    """The machine's TCP memory, at the slope that was measured: calculated."""
    DESCRIPTORS = "descriptors"
    """The server's limit of open files."""
    REFUSED = "refused"
    """The server opens no more clients: this was seen."""
    NONE = "none"
    """None was seen, and none can be calculated."""


class Capacity(Struct, frozen=True, kw_only=True):
    """How many parked clients the server takes."""

    wall: Wall
    clients: int | None
    """At how many clients the wall is; null: not known."""
    seen: bool
    """Whether it was reached in this run; else it is calculated from the costs."""
    held: int
    """The most parked clients with which the witnesses were within their baseline."""
    reason: str = ""
    """How the witnesses suffered; empty where they did not."""


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
    kernel: Cost | None
    """Bytes of the machine's TCP memory, both ends where both are on this machine."""
    capacity: Capacity
    held: FleetStep | None = None
    """After the whole fleet was held for a while; null: it was not."""
    woken: Witnessed | None = None
    """While a share of the fleet drained; null: none was woken."""
    opened_per_s: float
    """How many opening handshakes were completed in a second, over the whole opening."""
    missing: int = 0
    """Clients that were lost with their workers, and that no other worker opened."""
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
    def witnesses_tell(self) -> bool:
        """Whether the witnesses were given anything by which they could be seen to suffer."""
        return self.baseline.bytes_per_s > 0 or self.baseline.p99_s is not None
