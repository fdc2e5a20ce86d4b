"""A guard with a deadline for progress: the kernel must accept bytes."""

from ...units import Seconds
from ._base import Disconnection, Guard, StateTimes


class WriteTimeout(Guard, frozen=True):
    """End the connection when bytes wait and the kernel has accepted none for ``after``.

    The time is that between two successful writes, not that for a whole message, so a slow client that
    makes progress is not ended. nginx's ``send_timeout`` does the same.
    """

    after: Seconds = 30.0
    """The longest time that bytes may wait while the kernel accepts none."""
    end: Disconnection = Disconnection.ABORT
    """How the connection is ended: by an abort, or by a Close that may wait behind the queue."""

    @property
    def ends_by(self) -> Disconnection:
        return self.end

    def due(self, times: StateTimes) -> bool:
        return times.longer(times.blocked_s, self.after)
