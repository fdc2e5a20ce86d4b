"""Plays a finished timeline on a terminal, at a pace that eyes can follow.

A lockstep run takes milliseconds and must not be slowed by drawing; so it is over when this begins.
"""

from typing import Literal

from rich.console import Console

from ...timeline.timeline import Timeline
from ..drawing.controls import Playback
from ..drawing.crowd import order
from ..drawing.dashboard import Dashboard
from ..plain import write_plain
from .keyboard import Keyboard
from .screen import drawable, open_screen

Ending = Literal["quit", "ended"]


async def play(
    timeline: Timeline,
    speed: float = 1.0,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
) -> Ending:
    """Show the whole run, in about 12 s / ``speed``; says whether the viewer left before its end.

    On a console that cannot be drawn on (a pipe, TERM=dumb), plain lines are written instead.
    """
    console = console or Console()
    if not drawable(console):
        write_plain(timeline, console.file)
        return "ended"
    dashboard = Dashboard(timeline)
    dashboard.moments.catch_up()
    playback = Playback(dashboard.last_tick, lambda tick: order(dashboard.moments, tick), speed)
    with open_screen(console, keyboard) as screen:
        await screen.follow(playback, dashboard)
    return "quit" if playback.quit else "ended"
