"""A client that is gone in the end without a word."""

from ._base import Parked


class Vanishing(Parked):
    """Reads nothing, and ends with RST when the fleet lets go of it, as every parked client does."""
