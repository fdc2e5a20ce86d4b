"""A peer that reads everything and never answers a Ping."""

from typing import ClassVar

from ._base import NEVER, Client, ClientEnd, Stalls
from ._websocket import RawWebSocket


class NoPong(Client, frozen=True):
    """Reads everything at once, and sends no Pong: only a WebSocket keepalive finds it unresponsive.

    On the wire: every segment is acknowledged, the window stays open, and the client sends nothing. A
    library without control frames, a proxy that discards them, and a page whose event loop is blocked while
    its network thread reads do this. RFC 6455 5.5.2 requires the Pong; only a keepalive detects its
    absence.
    """

    stalls: ClassVar[Stalls] = Stalls.NEVER

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end, pongs=False)
        await websocket.open()
        with end.over:
            await websocket.read_until(NEVER)
        await websocket.leave()
