"""A guard with a deadline for the closing handshake."""

from ...units import Seconds
from ._base import Guard, StateTimes


class CloseTimeout(Guard, frozen=True):
    """Abort a connection whose closing handshake is not complete within ``after``.

    The Close may wait behind a queue that the client does not read, or the client's answer may never come
    (RFC 6455 7.1.1 lets a server end TCP at any time after it).
    """

    after: Seconds = 10.0
    """How long a closing handshake may take."""

    def due(self, times: StateTimes) -> bool:
        return times.longer(times.closing_s, self.after)
