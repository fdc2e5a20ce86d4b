"""A browser tab that is put to sleep, by the rules measured on real browsers (docs/browsers.md)."""

from enum import Enum

from ..units import Rate
from ._base import NEVER, Client, ClientEnd, TickNumber
from ._browser import DRAIN_RATE, Asleep, Browser
from ._websocket import RawWebSocket


class Wake(Enum):
    """What the tab does when it wakes."""

    DRAIN = "drain"
    """Reads everything, in order, at the renderer's pace."""
    CLOSE_1001 = "close-1001"
    """Browsers since version 149: a Close 1001 without reason, then RST; nothing is read."""


class SleepingTab(Client, frozen=True):
    """Falls asleep: reads 131,000 bytes more, answers the Pings in them, and then reads nothing.

    On the wire: nothing changes for a while, then the window shuts; the kernel still answers probes.
    Chromium and the browsers made from it do this to every background tab that they freeze.
    """

    sleep_tick: TickNumber = 20
    """The tick at which the tab falls asleep."""
    wake_tick: TickNumber | None = None
    """The tick at which the tab wakes; absent: never."""
    asleep: Asleep = Asleep.TAB
    """What is asleep: the tab, its JavaScript, or the network process."""
    wake: Wake = Wake.DRAIN
    """What the tab does when it wakes."""
    drain_rate: Rate = DRAIN_RATE
    """Bytes per second, in scenario time, that the renderer takes from the waiting bytes."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        browser = Browser(end, websocket)
        wake_tick = NEVER if self.wake_tick is None else self.wake_tick
        with end.over:
            if not await browser.awake_until(self.sleep_tick):
                return
            await browser.sleep_until(wake_tick, self.asleep)
            end.wakes()
            if self.wake is Wake.CLOSE_1001 and self.asleep is Asleep.TAB:
                await websocket.leave_at_once()
                return
            await browser.drain(self.drain_rate)
            await browser.awake_until(NEVER)
        if not end.asleep:
            await websocket.leave()
