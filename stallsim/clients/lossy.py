"""A client on a network with short outages: segments that arrive meanwhile are lost and must be sent
again.
"""

from typing import Annotated, ClassVar

from msgspec import Meta

from ._base import Client, ClientEnd, Stalls
from ._websocket import RawWebSocket


class Lossy(Client, frozen=True):
    """Reads everything over a network that is up for some ticks and down for some ticks, in turn.

    On the wire: segments that no one acknowledges, then retransmissions, by duplicate ACKs or by the
    timeout (RFC 6298), and a smaller congestion window; nothing is lost to the application, and much is
    late. A radio at the edge of its range, a Wi-Fi that roams do this. The lengths of the stretches are
    drawn from the scenario's seed; when a lost segment is sent again is up to the server's kernel, so
    it needs realtime and is never pinned.
    """

    stalls: ClassVar[Stalls] = Stalls.MAY
    healthy: ClassVar[bool] = True
    needs_black_hole: ClassVar[bool] = True
    needs_realtime: ClassVar[bool] = True

    up_ticks: Annotated[int, Meta(ge=1, le=1_000_000)] = 10
    """The longest time, in ticks, with a network; each time is drawn from 1 to this."""
    down_ticks: Annotated[int, Meta(ge=1, le=1_000_000)] = 2
    """The longest time, in ticks, without a network; drawn likewise."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            while await websocket.read_until(end.tick + end.random.randint(1, self.up_ticks)):
                end.network_down()
                await websocket.read_until(end.tick + end.random.randint(1, self.down_ticks))
                end.network_up()
            return
        if end.black_holed:
            end.network_up()
        await websocket.leave()
