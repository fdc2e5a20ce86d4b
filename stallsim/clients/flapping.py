"""Sleeps and wakes, again and again."""

from typing import Annotated

from msgspec import Meta

from ..units import Rate
from ._base import Client, ClientEnd, TickNumber
from ._browser import DRAIN_RATE, Asleep, Browser
from ._websocket import RawWebSocket


class Flapping(Client, frozen=True):
    """Falls asleep and wakes in cycles; each time it wakes, it reads all bytes that have waited.

    On the wire: the window shuts, opens, and shuts; each cycle fills the queues that the one before has
    drained. A browser that wakes its frozen tabs for a moment every minute, a laptop's lid, and a phone in
    a pocket do this. For a defence that measures the time of one stall, each of them is a new stall.
    """

    awake_ticks: Annotated[int, Meta(ge=1, le=1_000_000)] = 5
    """Ticks for which the client is awake."""
    sleep_ticks: Annotated[int, Meta(ge=1, le=1_000_000)] = 40
    """Ticks for which the client sleeps."""
    spread_ticks: TickNumber = 0
    """Each of these times is longer by a number of ticks drawn from 0 to this."""
    asleep: Asleep = Asleep.TAB
    """What is asleep: the tab, its JavaScript, or the network process."""
    drain_rate: Rate = DRAIN_RATE
    """Bytes per second, in scenario time, that the renderer takes from the waiting bytes."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        browser = Browser(end, websocket)
        with end.over:
            while await browser.awake_until(self._after(self.awake_ticks, end)):
                await browser.sleep_until(self._after(self.sleep_ticks, end), self.asleep)
                end.wakes()
                await browser.drain(self.drain_rate)
            return
        if not end.asleep:
            await websocket.leave()

    def _after(self, ticks: int, end: ClientEnd) -> int:
        return end.tick + ticks + end.random.randint(0, self.spread_ticks)
