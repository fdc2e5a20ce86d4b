"""A client that is too slow."""

from ._base import Parked


class SlowReader(Parked):
    """Reads a thousand bytes a second, for ever."""

    rate_bytes_per_s = 1000
