"""A client that never reads at all."""

from ._base import Stall


class ZeroWindow(Stall):
    """Reads nothing after the opening handshake, with the smallest receive buffer."""

    does = "reads nothing after the opening handshake, with the smallest receive buffer"
    from_the_start = True
    rcvbuf = 1
