"""What the kernels report."""

from .body import EventBody


class Stalled(EventBody, frozen=True, kw_only=True):
    """The kernel confirms that the connection is stalled (``verdict.stall``)."""

    evidence: str


class ZeroWindow(EventBody, frozen=True, kw_only=True):
    """The client's kernel advertises a window of 0."""

    notsent_bytes: int
    rcvq_bytes: int


class SocketGone(EventBody, frozen=True, kw_only=True):
    """The server's kernel has discarded the connection: it retransmits nothing more."""


class TcpMemoryPressure(EventBody, frozen=True, kw_only=True):
    """The machine's TCP memory ran short during the run."""

    used_pages: int
    pressure_pages: int


class LargePagesShort(EventBody, frozen=True, kw_only=True):
    """The machine ran short of free memory in pieces of 32 KiB (``kernel.large_pages``)."""

    pieces: int
    free_kib: int


class TicksLate(EventBody, frozen=True, kw_only=True):
    """A realtime run was late at some ticks, and has been on time for a second since. The records of those
    ticks were up to ``late_s`` late, and a phase that began and ended within that time is missing.
    """

    first_tick: int
    ticks: int
    """The number of late ticks."""
    late_s: float
    """The longest delay, in seconds."""


class ServerEnds(EventBody, frozen=True, kw_only=True):
    """The server's kernel reports that the server is ending the connection."""

    state: str


KernelEvent = (
    Stalled | ZeroWindow | SocketGone | TcpMemoryPressure | LargePagesShort | TicksLate | ServerEnds
)  # fmt: skip
