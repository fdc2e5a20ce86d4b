"""A client that always reads, but less than the server sends."""

from ..timeline.events.client import ReadsSlowly
from ..units import Rate
from ._base import Client, ClientEnd, TickNumber
from ._websocket import READ_BYTES, RawWebSocket


class SlowReader(Client, frozen=True):
    """Reads at most ``rate`` bytes per second, which may be as few as single bytes (``rate = "5B/s"``).

    On the wire: the window shuts, opens for a segment or two once that much has been read, and shuts again.
    Between two openings the client cannot be distinguished from one that has stopped reading. A subscriber
    with too little CPU, a proxy with a bandwidth limit, and the *slow read* attack (slowhttptest) do this.
    A Ping is answered when the client has read everything that was sent before it.
    """

    rate: Rate = 200_000
    """Bytes per second that the client reads, in scenario time."""
    slow_tick: TickNumber = 10
    """The tick until which the client reads everything."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            if not await websocket.read_until(self.slow_tick):
                return
            end.report(ReadsSlowly(rate=self.rate))
            begin = end.read_bytes
            while await self._read_what_the_rate_allows(begin, end, websocket):
                await end.until(end.tick + 1)
            return
        await websocket.leave_at_once()

    async def _read_what_the_rate_allows(self, begin: int, end: ClientEnd, websocket: RawWebSocket) -> bool:
        """Read as many bytes as the rate allows by now, counted from the first slow tick, so that rounding
        loses none.
        """
        while (left := begin + self._allowed_bytes(end) - end.read_bytes) > 0:
            data = end.recv(min(left, READ_BYTES))
            if data is None:
                await end.turn()  # what was read has made room, so more may come within the tick
            elif not data:
                return False
            else:
                await websocket.feed(data)
        return True

    def _allowed_bytes(self, end: ClientEnd) -> int:
        return int((end.tick - self.slow_tick) * end.tick_s * self.rate)
