"""A slow but healthy client: it reads in bursts and keeps up on average. No defence may end it."""

from typing import Annotated, ClassVar

from msgspec import Meta

from ._base import Client, ClientEnd, Stalls
from ._websocket import RawWebSocket


class WeakNetwork(Client, frozen=True):
    """Reads nothing for some ticks, then everything, again and again; answers all Pings that it reads.

    On the wire: for as long as a pause lasts, a client that hangs; the window may even shut. Then it
    opens wide, and the backlog is gone within a tick. A phone between two cells, a train in a tunnel,
    an event loop with long tasks do this. The lengths of the pauses are drawn from the scenario's seed.
    """

    stalls: ClassVar[Stalls] = Stalls.MAY
    healthy: ClassVar[bool] = True

    pause_ticks: Annotated[int, Meta(ge=1, le=1_000_000)] = 12
    """The longest pause in ticks; each is drawn from 1 to this."""
    burst_ticks: Annotated[int, Meta(ge=1, le=1_000_000)] = 8
    """The longest time, in ticks, in which the client reads everything as it comes; drawn likewise."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            while await websocket.read_until(end.tick + end.random.randint(1, self.burst_ticks)):
                await end.until(end.tick + end.random.randint(1, self.pause_ticks))
            return
        await websocket.leave()
