"""What a fleet is asked to do."""

from typing import Annotated

from msgspec import Meta, Struct, field

from ..probing.spec import Command, Target
from ..timeline.fleet.asked import FleetLimits
from .mix import Mix

CLIENTS_A_PROCESS = 15_000
"""A process may often have 20,000 descriptors."""
HANDSHAKES_AT_ONCE = 256
"""Of all processes: a listener's backlog is often 100 to 511, and what is over it waits a second."""
TLS_HANDSHAKES_AT_ONCE = 64
"""Likewise: each keeps 28 kB until it is complete, and a server busy for some milliseconds."""


class OfWorkers(Struct, frozen=True, kw_only=True):
    """Who holds the clients where this program does not do it alone (Dask)."""

    scheduler: str | None = None
    """The address of a scheduler whose workers are there; absent: workers of this machine are started."""
    count: Annotated[int, Meta(ge=1, le=64)] | None = None
    """How many are started."""
    reopens: bool = True
    """Whether the others open the clients of a worker that is lost; else these are missing."""
    processes: bool = True
    """Whether those that are started are processes; else threads of this one."""


class FleetSpec(Struct, frozen=True, kw_only=True):
    """Sizes are in bytes, times in seconds."""

    target: Target
    clients: Annotated[int, Meta(ge=1)] = 1000
    """How many parked clients there are to be in the end."""
    mix: Mix = field(default_factory=lambda: {"stop-reading": 1.0})
    command: Command | None = None
    """How the server is started; absent: it runs."""
    pid: int | None = None
    """The process whose memory is read; absent: found by the socket."""
    rate_per_s: Annotated[float, Meta(gt=0)] = 5000.0
    steps: Annotated[int, Meta(ge=1, le=100)] = 5
    """How often the fleet stops growing for a look at the witnesses."""
    witnesses: Annotated[int, Meta(ge=1, le=100)] = 3
    baseline_s: Annotated[float, Meta(gt=0)] = 2.0
    look_s: Annotated[float, Meta(gt=0)] = 2.0
    """How long the witnesses are watched at each step."""
    hold_s: Annotated[float, Meta(ge=0)] = 0.0
    """How long the whole fleet is held after the last step."""
    wake_share: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """Which share of the fleet reads again in the end."""
    rcvbuf: int | None = 4096
    """SO_RCVBUF of the parked clients; None: the kernel's default."""
    memory_bytes: int | None = None
    """The server's limit: of its pod, say; absent: what this machine has left."""
    goes_on: bool = False
    """Whether the fleet grows on though the witnesses suffer."""
    opening_s: Annotated[float, Meta(gt=0)] = 60.0
    """How long a step may take to open its clients, beside the time that ``rate_per_s`` takes for them."""

    workers: OfWorkers | None = None
    """Who holds the clients; absent: processes of this program's."""
    limits: FleetLimits = FleetLimits()
    record: str | None = None
    """The file to record it in."""
    force: bool = False
    """Whether files may be overwritten."""

    @property
    def processes(self) -> int:
        """How many processes hold the clients."""
        return -(-self.clients // CLIENTS_A_PROCESS)
