"""The dashboard of a realtime run, while it runs: the same frames, at the newest tick."""

import trio
from rich.console import Console

from ...timeline.records import End, Record
from ...timeline.timeline import Timeline
from ..drawing.controls import LINGER_S, Controls, Key
from ..drawing.crowd import order
from ..drawing.dashboard import Dashboard
from ..plain import PlainWriter
from .keyboard import Keyboard
from .player import Ending
from .screen import drawable, open_screen


class Following:
    """Always at the newest tick, until a while after the run has ended."""

    def __init__(self, dashboard: Dashboard) -> None:
        self._dashboard = dashboard
        self._timeline = dashboard.timeline
        self._focus = 0
        self._ended_s = 0.0
        self.quit = False

    @property
    def tick(self) -> int:
        """The newest tick."""
        return max(0, self._timeline.last_tick)

    @property
    def controls(self) -> Controls:
        """The focus is a place in an order that may still grow."""
        connections = order(self._dashboard.moments, self.tick)
        focus = connections[self._focus % len(connections)] if connections else 0
        return Controls(focus, live=True)

    @property
    def over(self) -> bool:
        """The viewer has quit, or the end has been there long enough."""
        linger_s = 0.0 if self._dashboard.moments.outside else LINGER_S
        return self.quit or (self._timeline.end is not None and self._ended_s >= linger_s)

    def advance(self, seconds: float) -> None:
        """Count the time since the end."""
        if self._timeline.end is not None:
            self._ended_s += seconds

    def press(self, key: Key) -> None:
        """Change the focus, or quit; the run cannot be stepped."""
        match key:
            case Key.NEXT:
                self._focus += 1
            case Key.PREVIOUS:
                self._focus -= 1
            case Key.QUIT:
                self.quit = True
            case _:
                pass


async def watch(
    timeline: Timeline, console: Console | None = None, keyboard: Keyboard | None = None
) -> Ending:
    """Follow a run until it has ended (``timeline.end``), or the viewer quits, upon which the run is ended.

    On a console that cannot be drawn on, plain lines are written as they come.
    """
    console = console or Console()
    if not drawable(console):
        await _write_until_end(timeline, PlainWriter(console.file))
        return "ended"
    dashboard = Dashboard(timeline)
    following = Following(dashboard)
    with open_screen(console, keyboard) as screen:
        await screen.follow(following, dashboard)
    return "quit" if following.quit else "ended"


async def _write_until_end(timeline: Timeline, writer: PlainWriter) -> None:
    ended = trio.Event()

    def write(record: Record) -> None:
        writer(record)
        if isinstance(record, End):
            ended.set()

    for record in timeline.records():
        write(record)
    timeline.listen(write)
    await ended.wait()
