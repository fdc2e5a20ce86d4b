"""The numbers of a fleet's clients in each state, and how the server has ended some."""

from msgspec import Struct

from ...kinds import ParkedEnding
from ..histogram import Histogram


class Ends(Struct, frozen=True, kw_only=True):
    """Parked clients that the server has ended in one way."""

    count: int = 0
    open_ms: Histogram = Histogram()
    """How long each connection had been open, in milliseconds."""


class HeldCount(Struct, frozen=True, kw_only=True):
    """The numbers of clients in each state, counted a few times per second."""

    wanted: int = 0
    """Clients ordered so far."""
    connecting: int = 0
    """Clients that connect, or wait for the answer to their opening handshake."""
    parked: int = 0
    """Clients that are open and behave as their kind does."""
    awake: int = 0
    """Parked clients that were woken and read everything."""
    refused: dict[str, int] = {}
    """Clients that never opened because the server or this machine refused them, by the reason."""
    unanswered: dict[str, int] = {}
    """Clients that never opened because no answer came in time, by what they received."""
    ended: dict[ParkedEnding, Ends] = {}
    """Clients that the server ended after they had opened."""
    lost: int = 0
    """Clients of a worker that has ended."""
    read_bytes: int = 0
    handshakes: int = 0
    """Opening handshakes that were completed so far."""
    opening_s: float = 0.0
    """Seconds so far from each order to open clients until its last completed handshake."""
    memory_bytes: int = 0
    """Memory of the processes that hold the clients, in which each counts its part of
    shared pages (Pss).
    """

    @property
    def ended_count(self) -> int:
        """Clients that have noticed that the server ended them (``SeenClients.ended`` counts all)."""
        return sum(one.count for one in self.ended.values())

    @property
    def refused_count(self) -> int:
        """Clients that the server or this machine refused."""
        return sum(self.refused.values())

    @property
    def unanswered_count(self) -> int:
        """Clients that were not answered in time."""
        return sum(self.unanswered.values())

    @property
    def unopened_count(self) -> int:
        """Clients that never opened, for any reason."""
        return self.refused_count + self.unanswered_count

    @property
    def settled(self) -> bool:
        """Whether every ordered client has opened, ended, or failed."""
        return self.parked + self.ended_count + self.unopened_count + self.lost >= self.wanted
