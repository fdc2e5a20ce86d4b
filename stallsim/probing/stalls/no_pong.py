"""A client whose event loop no longer answers, though what it is sent is read."""

from ._base import Stall


class NoPong(Stall):
    """Reads everything and answers no Ping."""

    does = "reads everything and answers no Ping"
    who = "answers no Ping"
    reads_all = True
