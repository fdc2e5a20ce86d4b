"""A guard with a deadline for the opening handshake."""

from ...units import Seconds
from ._base import Guard, StateTimes


class HandshakeTimeout(Guard, frozen=True):
    """End a connection that has not completed its opening handshake within ``after`` of connecting.

    This ends clients that connect and send nothing, or one byte of a header now and then (Slowloris).
    """

    after: Seconds = 10.0
    """How long the opening handshake may take, from the moment that TCP connected."""

    def due(self, times: StateTimes) -> bool:
        return times.longer(times.handshake_s, self.after)
