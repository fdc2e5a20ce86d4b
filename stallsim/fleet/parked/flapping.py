"""A client that sleeps and wakes."""

from ._base import Parked


class Flapping(Parked):
    """Reads nothing for four seconds, then everything for one, again and again."""

    awake_s = 1.0
    asleep_s = 4.0
