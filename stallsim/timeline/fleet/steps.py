"""The fleet at each size, from which the verdict is made."""

from enum import StrEnum

from msgspec import Struct

from .clients import HeldCount
from .looks import FleetLook, KernelMemory
from .reading import SeenClients
from .witnessed import Witnessed


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


class FleetStep(SeenClients, Struct, frozen=True, kw_only=True):
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
