"""A client that never speaks."""

from ._base import Parked


class StuckHandshake(Parked):
    """Connects, and never sends its opening handshake."""

    opens = False
