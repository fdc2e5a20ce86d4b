"""One worker's reading of a fleet at one moment.

A worker is a process that holds clients and reads them: this program (its name is empty), or one of
several on other machines. Its readings are counts, histograms and the few longest queues, not one row per
socket. Each worker reads the sockets of its own clients, and at most one worker reads the server's
processes, so that the readings of all can be merged (``merge.py``).
"""

from msgspec import Struct

from ...kinds import ParkedEnding
from .clients import HeldCount
from .looks import FleetLook, KernelMemory
from .witnessed import Witnessed

LOCAL = ""
"""The name of the worker that is this program."""


class SeenClients:
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


class Reading(SeenClients, Struct, frozen=True, tag="fleet-reading", kw_only=True):
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
