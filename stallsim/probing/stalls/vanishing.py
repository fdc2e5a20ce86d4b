"""A client whose process is killed while its queues are full."""

from ._base import Stall


class Vanishing(Stall):
    """Stops reading, then aborts with RST while its queues are full."""

    does = "stops reading, then aborts with RST while its queues are full"
    vanishes = True
