"""A client whose network, or whose application, is too slow for the stream."""

from ._base import Stall


class SlowReader(Stall):
    """Reads a tenth of the stream."""

    does = "reads a tenth of the stream"
    who = "reads a tenth of the stream"
    rate_share = 0.1
