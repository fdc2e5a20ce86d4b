"""A peer that never completes the closing handshake."""

from typing import ClassVar

from ._base import NEVER, Client, ClientEnd, Stalls
from ._websocket import RawWebSocket


class NoCloseReply(Client, frozen=True):
    """Reads everything and answers Pings; it also reads the server's Close, but sends none, and stays.

    On the wire: a Close frame, acknowledged by TCP, without a Close in return (RFC 6455 5.5.1 requires one)
    and without a FIN, even after the server's. A library that gives its user no close callback, an
    application that forgets it, and a proxy that has lost its client do this. The client does not leave at
    the end of the run either, so it is aborted.
    """

    stalls: ClassVar[Stalls] = Stalls.NEVER

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end, close_reply=False)
        await websocket.open()
        with end.over:
            await websocket.read_until(NEVER)
