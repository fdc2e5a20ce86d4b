"""A guard with a deadline for the opening handshake."""

from ...units import Seconds
from ._base import Guard, Standing


class HandshakeTimeout(Guard, frozen=True):
    """End a connection that has not completed its opening handshake within ``after`` of connecting.

    Against clients that connect and say nothing, or a header's byte now and then (Slowloris).
    """

    after: Seconds = 10.0
    """How long the opening handshake may take, from the moment that TCP connected."""

    def due(self, standing: Standing) -> bool:
        return standing.longer(standing.handshake_s, self.after)
