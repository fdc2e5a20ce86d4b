"""The turns in which clients may act."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ._end import ClientEnd

NEVER = 2**62


class Turns(Protocol):
    """Who says when a client may act: ``runner.lockstep`` or ``runner.realtime``."""

    tick: int
    tick_s: float

    @property
    def now(self) -> float:
        """Scenario time, in seconds."""

    async def next(self, end: "ClientEnd") -> None:
        """Return when there may be something to read, or when a tick has passed."""

    async def at(self, end: "ClientEnd", tick: int) -> None:
        """Return at that tick, whatever arrives before it."""
