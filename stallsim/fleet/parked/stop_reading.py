"""A client that stops reading."""

from ._base import Parked


class StopReading(Parked):
    """Reads nothing once it is open; its kernel goes on answering."""
