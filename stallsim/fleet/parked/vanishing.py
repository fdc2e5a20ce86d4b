"""A client that is gone in the end without a word."""

from ._base import Parked


class Vanishing(Parked):
    """Reads nothing once it is open, and ends with RST and no Close, as every parked client does."""
