"""A client that finishes one direction: it sends FIN, and then reads no more (RFC 9293 3.6.1)."""

from ._base import Client, ClientEnd, TickNumber
from ._websocket import RawWebSocket


class HalfClosed(Client, frozen=True):
    """Sends FIN without a Close, stays connected, and never reads what the server still sends.

    On the wire: FIN, acknowledged, and then a window that fills and shuts as with any client that does not
    read; the server's end is CLOSE_WAIT, the client's FIN_WAIT2. A client that calls ``shutdown(SHUT_WR)``
    and never closes does this, and a proxy that passes a FIN on and keeps the other direction. A server
    that reads finds the end of the stream and can end the connection at once; a server that only writes
    does not, so its connection stalls.
    """

    finish_tick: TickNumber = 10
    """The tick at which the client sends FIN."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            if await websocket.read_until(self.finish_tick):
                end.half_closes()
                end.stops_reading()
                await end.until_over()
