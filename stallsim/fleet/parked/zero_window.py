"""A client with the smallest window."""

from ._base import Parked


class ZeroWindow(Parked):
    """Reads nothing, behind the smallest receive buffer that Linux gives (2,304 bytes)."""

    rcvbuf = 1
