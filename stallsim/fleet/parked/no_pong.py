"""A client that answers nothing."""

from ._base import Parked


class NoPong(Parked):
    """Reads everything as it comes, and answers no Ping."""

    reads_all = True
