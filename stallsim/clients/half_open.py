"""A client whose network is gone, without any sign of it to the server (RFC 9293 3.5.1)."""

from typing import ClassVar

from ._base import Client, ClientEnd, TickNumber
from ._websocket import RawWebSocket


class HalfOpen(Client, frozen=True):
    """Reads everything until its network fails; after that the server gets no ACK, no FIN and no RST.

    On the wire: the server's segments are retransmitted, ever more slowly, and nothing answers. A
    radio that drops, a laptop carried out of range, a NAT that forgot the mapping do this.
    """

    needs_black_hole: ClassVar[bool] = True

    vanish_tick: TickNumber = 10
    """The tick at which the client's network is gone."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            if await websocket.read_until(self.vanish_tick) and await websocket.read_all():
                end.vanishes()
                await end.until_over()
