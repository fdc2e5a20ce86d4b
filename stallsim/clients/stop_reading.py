"""A client whose process hangs: the connection is open, and nothing reads from it."""

from ._base import NEVER, Client, ClientEnd, TickNumber
from ._websocket import RawWebSocket


class StopReading(Client, frozen=True):
    """Reads everything, then calls ``recv`` no more, and sends neither Close nor FIN.

    On the wire: its kernel acknowledges until the receive buffer is full, then shuts the window. A process
    in a debugger, a blocked event loop, and SIGSTOP do this.
    """

    stop_tick: TickNumber = 10
    """The tick from which the client reads no more."""
    resume_tick: TickNumber | None = None
    """The tick at which the client reads again; absent: never."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            if await websocket.read_until(self.stop_tick):
                end.stops_reading()
                await end.until(NEVER if self.resume_tick is None else self.resume_tick)
                end.wakes()
            await websocket.read_until(NEVER)
        if not end.asleep:
            await websocket.leave()
