"""A client whose event loop no longer answers, although its bytes are read."""

from ._base import Stall


class NoPong(Stall):
    """Reads everything and answers no Ping."""

    does = "reads everything and answers no Ping"
    who = "answers no Ping"
    reads_all = True
