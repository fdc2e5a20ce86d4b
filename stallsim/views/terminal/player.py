"""Plays a finished timeline on a terminal, at a speed that a viewer can follow.

A lockstep run takes milliseconds and must not be slowed by drawing, so it has ended when this begins.
"""

from typing import Literal

from rich.console import Console

from ...timeline.timeline import Timeline
from ..drawing.dashboard import Dashboard
from ..drawing.marks import TimelineMarks
from ..drawing.playback import Playback
from ..drawing.theme import Theme
from ..plain import write_plain
from .bounded_console import BoundedConsole
from .keyboard import Keyboard
from .screen import drawable, open_screen, standard_keyboard

Ending = Literal["quit", "ended"]


async def play(
    timeline: Timeline,
    speed: float = 1.0,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
    *,
    stays: bool = False,
    paused: bool = False,
    theme: Theme = Theme.AUTO,
) -> Ending:
    """Show the whole run, in about 12 s / ``speed``; return whether the viewer quit before its end.

    With a keyboard: with ``stays``, the last frame stays until the viewer quits; with ``paused``, the first
    one waits for a key. On a console that cannot be drawn on (a pipe, TERM=dumb), plain lines are written
    instead.
    """
    console = console or BoundedConsole()
    if not drawable(console):
        write_plain(timeline, console.file)
        return "ended"
    dashboard = Dashboard(timeline)
    dashboard.moments.catch_up()
    keyboard = keyboard or standard_keyboard()
    marks = TimelineMarks(dashboard.moments)
    playback = Playback(dashboard.last_tick, marks, speed, stays=stays and keyboard.present)
    playback.paused = paused and keyboard.present
    with open_screen(console, keyboard, theme) as screen:
        await screen.follow(playback, dashboard)
    return "quit" if playback.quit else "ended"
