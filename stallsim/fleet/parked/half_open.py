"""A client whose network is gone."""

from ._base import Parked


class HalfOpen(Parked):
    """Its kernel drops every segment once it is open: no ACK, no FIN, no RST."""

    black_hole = True
