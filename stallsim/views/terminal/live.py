"""The dashboard of a realtime run while it runs: the same frames, at the newest tick."""

import trio
from rich.console import Console

from ...timeline.records import Record, RecordingEnd
from ...timeline.timeline import Timeline
from ..drawing.controls import Controls, Key, Press
from ..drawing.dashboard import Dashboard
from ..drawing.marks import TimelineMarks
from ..drawing.playback import LINGER_S, Playback
from ..drawing.theme import Theme
from ..plain import PlainWriter
from .bounded_console import BoundedConsole
from .keyboard import Keyboard
from .player import Ending
from .screen import drawable, open_screen, standard_keyboard


class Following:
    """Shows the newest tick until the run has ended; then, with ``stays``, a playback that begins at the
    end.
    """

    def __init__(self, dashboard: Dashboard, *, stays: bool = False) -> None:
        self._dashboard = dashboard
        self._timeline = dashboard.timeline
        self._marks = TimelineMarks(dashboard.moments)
        self._stays = stays
        self._focus = 0
        self._ended_s = 0.0
        self._playback: Playback | None = None
        self.quit = False
        """Whether the viewer has quit before the end."""

    @property
    def tick(self) -> int:
        """The newest tick, or the playback's position."""
        return self._playback.tick if self._playback else max(0, self._timeline.last_tick)

    @property
    def controls(self) -> Controls:
        """The choices with which to draw; the focus is an index into an order that may still grow."""
        if self._playback is not None:
            return self._playback.controls
        connections = self._marks.order(self.tick)
        focus = connections[self._focus % len(connections)] if connections else 0
        return Controls(focus, live=True)

    @property
    def over(self) -> bool:
        """Whether the viewer has quit, or the last frame has been shown for long enough."""
        if self._playback is not None:
            return self._playback.over
        linger_s = 0.0 if self._dashboard.moments.outside else LINGER_S
        return self.quit or (not self._stays and self._ended and self._ended_s >= linger_s)

    @property
    def _ended(self) -> bool:
        return self._timeline.end is not None

    def advance(self, seconds: float) -> None:
        """Advance the playback, or the time since the end."""
        if self._playback is not None:
            self._playback.advance(seconds)
        elif self._ended and self._stays:
            self._playback = Playback(self._dashboard.last_tick, self._marks, stays=True)
            self._playback.press(Key.END)
            for _ in range(abs(self._focus)):
                self._playback.press(Key.NEXT if self._focus > 0 else Key.PREVIOUS)
        elif self._ended:
            self._ended_s += seconds

    def press(self, key: Press) -> None:
        """Change the focus, or quit; a run that has not ended cannot be stepped."""
        if self._playback is not None:
            self._playback.press(key)
            return
        match key:
            case Key.NEXT:
                self._focus += 1
            case Key.PREVIOUS:
                self._focus -= 1
            case Key.QUIT:
                self.quit = not self._ended
                self._stays = False
            case _:
                pass


async def follow_run(
    timeline: Timeline,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
    *,
    stays: bool = False,
    theme: Theme = Theme.AUTO,
) -> Ending:
    """Follow a run until it has ended (``timeline.end``) or the viewer quits; the caller then ends the run.

    On a console that cannot be drawn on, write plain lines as they come.
    """
    console = console or BoundedConsole()
    if not drawable(console):
        await _write_until_end(timeline, PlainWriter(console.file))
        return "ended"
    dashboard = Dashboard(timeline)
    keyboard = keyboard or standard_keyboard()
    following = Following(dashboard, stays=stays and keyboard.present)
    with open_screen(console, keyboard, theme) as screen:
        await screen.follow(following, dashboard)
    return "quit" if following.quit else "ended"


async def _write_until_end(timeline: Timeline, writer: PlainWriter) -> None:
    ended = trio.Event()

    def write(record: Record) -> None:
        writer(record)
        if isinstance(record, RecordingEnd):
            ended.set()

    for record in timeline.records():
        write(record)
    timeline.listen(write)
    await ended.wait()
