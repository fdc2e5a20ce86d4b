"""A client that ends during the stream: a closed tab, a killed browser, a process that exits."""

from enum import Enum
from typing import ClassVar

from ..timeline.events.client import Leaves
from ._base import Client, ClientEnd, Stalls, TickNumber
from ._browser import Asleep, Browser
from ._websocket import RawWebSocket


class VanishingWay(Enum):
    """What happens to the client, which decides its last frames and segments (docs/browsers.md)."""

    CLOSED_TAB = "closed-tab"
    """Tab closed, page left, renderer killed: Close 1001 without a reason, then FIN, or RST if bytes are
    unread.
    """
    KILLED_MAIN = "killed-main"
    """The main process killed -9: Close 1001 without a reason, then RST, also when awake (observed in 7 of
    9).
    """
    KILLED_BROWSER = "killed-browser"
    """The network process or everything killed -9: RST, no Close."""
    EXITED_PROCESS = "exited-process"
    """A program that exits without a Close, other than a browser: FIN, or RST if bytes are unread."""


class Vanishing(Client, frozen=True):
    """Ends TCP without waiting for the server, while it is awake, or asleep with all queues full.

    On the wire: Close 1001, FIN, RST, in the measured order of each ending; the client's kernel answers RST
    to whatever the server sends afterwards. The server may learn of the end from a Close, an end of stream,
    ECONNRESET or EPIPE, and must free the queue in each case.
    """

    stalls: ClassVar[Stalls] = Stalls.MAY

    end_tick: TickNumber = 40
    """The tick at which the client ends."""
    ending: VanishingWay = VanishingWay.CLOSED_TAB
    """What happens to the client: its tab is closed, its process is killed, or it exits."""
    sleep_tick: TickNumber | None = None
    """The tick at which the tab falls asleep, so that it is asleep when it ends; absent: it is awake."""

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        browser = Browser(end, websocket)
        with end.over:
            awake_until = self.end_tick if self.sleep_tick is None else self.sleep_tick
            if not await browser.awake_until(awake_until):
                return
            if self.sleep_tick is not None:
                await browser.sleep_until(self.end_tick, Asleep.TAB)
            elif not await browser.read():
                return
        end.report(Leaves(how=self.ending.value))
        match self.ending:
            case VanishingWay.CLOSED_TAB:
                await websocket.leave_at_once()
            case VanishingWay.KILLED_MAIN:
                await websocket.close(1001)
                end.abort()
            case VanishingWay.KILLED_BROWSER:
                end.abort()
            case VanishingWay.EXITED_PROCESS:
                end.end_abruptly()
