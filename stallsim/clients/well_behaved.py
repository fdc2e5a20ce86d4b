"""The baseline client: it reads everything as it comes."""

from typing import ClassVar

from ._base import NEVER, Client, ClientEnd, Stalls
from ._websocket import RawWebSocket


class WellBehaved(Client, frozen=True):
    """Reads at once, answers every Ping and closes properly, as clients in a server's own tests do.

    On the wire: the window stays open, the server's send queue stays empty.
    """

    stalls: ClassVar[Stalls] = Stalls.NEVER
    healthy: ClassVar[bool] = True

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            await websocket.read_until(NEVER)
        await websocket.leave()
