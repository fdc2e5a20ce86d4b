"""A client whose application hangs."""

from ._base import Stall


class StopReading(Stall):
    """Stops reading; its kernel goes on answering."""

    does = "stops reading; its kernel goes on answering"
