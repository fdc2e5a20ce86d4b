"""A browser tab that is put to sleep, by the rules measured on real browsers (docs/browsers.md)."""

from enum import Enum

import trio

from ..units import Rate
from ._base import NEVER, Client, ClientEnd, TickNumber
from ._browser import Browser
from ._websocket import RawWebSocket


class Asleep(Enum):
    """What is asleep."""

    TAB = "tab"
    """The page is frozen; the browser's network process reads on until its pipe is full."""
    SCRIPT = "script"
    """The page's JavaScript is busy (a debugger, ``alert()``): the same, and it always drains."""
    PROCESS = "process"
    """The network process itself is suspended (SIGSTOP, laptop lid): reading stops at once."""


class Wake(Enum):
    """What the tab does when it wakes."""

    DRAIN = "drain"
    """Reads everything, in order, at the renderer's pace."""
    CLOSE_1001 = "close-1001"
    """Browsers since version 149: a Close 1001 without reason, then RST; nothing is read."""


class SleepingTab(Client, frozen=True):
    """Falls asleep, absorbs 131,000 bytes more, answers the Pings in them, then never reads.

    On the wire: for a while nothing changes, then the window closes; the kernel goes on answering
    probes. Chromium and its kin do this to every background tab that they freeze.
    """

    sleep_tick: TickNumber = 20
    wake_tick: TickNumber | None = None
    """When it wakes; absent: never."""
    asleep: Asleep = Asleep.TAB
    wake: Wake = Wake.DRAIN
    drain_rate: Rate = 100_000_000
    """How fast the renderer takes what has waited, in scenario time."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        browser = Browser(end, websocket)
        wake_tick = NEVER if self.wake_tick is None else self.wake_tick
        with end.over:
            if not await browser.awake_until(self.sleep_tick):
                return
            end.sleeps(asleep=self.asleep.value)
            if self.asleep is not Asleep.PROCESS:
                while end.tick < wake_tick and await browser.read() and not browser.pipe_full:
                    await end.turn()
            if end.tick < wake_tick:
                end.stops_reading()
                await end.until(wake_tick)
            end.wakes()
            if self.wake is Wake.CLOSE_1001 and self.asleep is Asleep.TAB:
                await websocket.close(1001)
                end.end_abruptly()
                return
            await self._drain(browser, end)
            await browser.awake_until(NEVER)
        if not end.asleep:
            await websocket.leave()

    async def _drain(self, browser: Browser, end: ClientEnd) -> None:
        """Let the page take what waits, no faster than ``drain_rate``, until it has caught up."""
        last = trio.current_time() - end.tick_s
        open_ = True
        while open_:
            now = trio.current_time()
            browser.page_earns((now - last) * self.drain_rate)
            last = now
            open_ = await browser.read()
            if not browser.unread_payload:
                return
            await end.turn()
