"""What a fleet found: one struct, which ``--json`` prints."""

from enum import StrEnum

from msgspec import Struct

from .. import __version__
from .look import Look
from .mix import Mix
from .orders import Tally
from .witnesses import Witnessed

SCHEMA = "stallsim.fleet/1"


class Step(Struct, frozen=True, kw_only=True):
    """The fleet at one size."""

    clients: int
    """Ordered until then."""
    tally: Tally
    witnessed: Witnessed
    """While nothing was opened, after that."""
    look: Look | None
    """The server's ends; null: not on this machine."""
    rss_bytes: int | None
    """The server's processes; null: not to be read."""
    cpu_share: float | None
    """CPU seconds a second of them, while the witnesses were watched."""
    tcp_memory_bytes: int | None
    """What the whole machine's TCP holds (/proc/net/sockstat)."""
    suffering: str = ""
    """How the witnesses have left their baseline; empty: they have not."""


class Cost(Struct, frozen=True, kw_only=True):
    """What one more parked client costs: the median slope over the steps, and the middle half of all."""

    each: float
    low: float
    high: float


class Wall(StrEnum):
    """What ends the growth of such a fleet first."""

    WITNESSES = "witnesses"
    """The others suffer: seen."""
    MEMORY = "memory"
    """The server's memory, at the slope that was measured: calculated."""
    TCP_MEM = "tcp_mem"
    """The machine's TCP memory, likewise."""
    DESCRIPTORS = "descriptors"
    """The server's limit of open files."""
    REFUSED = "refused"
    """The server opens no more: seen."""
    NONE = "none"
    """None was seen, and none can be calculated."""


class Capacity(Struct, frozen=True, kw_only=True):
    """How many parked clients the server takes."""

    wall: Wall
    clients: int | None
    """At this number; null: not known."""
    seen: bool
    """Whether it was reached in this run; else it is calculated from the costs."""
    held: int
    """The most parked clients with which the witnesses were within their baseline."""
    reason: str = ""
    """How the witnesses suffered; empty where they did not."""


class FleetResult(Struct, frozen=True, kw_only=True):
    """Every step, what one client costs, how many the server takes."""

    schema: str = SCHEMA
    stallsim: str = __version__
    url: str
    server: str
    mix: Mix
    baseline: Witnessed
    steps: tuple[Step, ...]
    memory: Cost | None
    """Bytes of the server's processes; null: not to be read, or too few steps."""
    kernel: Cost | None
    """Bytes of the machine's TCP memory, both ends where both are on this machine."""
    capacity: Capacity
    woken: Witnessed | None = None
    """While a share of the fleet drained; null: none was woken."""
    opened_per_s: float
    """How many opening handshakes were completed in a second, over the whole opening."""
    stopped: str = ""
    """Why the fleet stopped growing before its end; empty: it did not."""
    interrupted: bool = False
    violations: tuple[str, ...] = ()
    """Limits that were not kept, a sentence each."""
