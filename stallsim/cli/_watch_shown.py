"""Shows a watch on standard output: one table, lines, objects or the dashboard; and its exit code."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import ExitCode, RecordingError
from ._present import on_terminal, print_how_to_see_it_again

if TYPE_CHECKING:
    from ..timeline.changes import Change
    from ..timeline.timeline import Timeline
    from ..timeline.watched import Snapshot
    from ..watching.session import WatchSession
    from ._present import Display


def show_once(session: "WatchSession", *, json: bool) -> int:
    """Show one table or object, made from two readings; return the exit code."""
    import time

    from ..watching.repeated_looks import look_once

    snapshot = look_once(session.watch, session.interval_s, time.sleep)
    session.publish(snapshot)
    if json:
        _print_json(snapshot, ())
    else:
        _print_table(snapshot)
    return _verdict(session, json=json)


def show_looks(session: "WatchSession", theme: str, *, json: bool, drawn: bool) -> int:
    """Show looks until a signal, a threshold, or the end of --duration; return the exit code."""
    from ..interruption import run_until_signal

    if json:
        session.listeners.append(_print_json)
    drawn = drawn and _can_draw()
    lines = None
    if not json and not drawn:
        from ..views.watching.plain import PlainLines

        lines = PlainLines(sys.stdout)
        session.listeners.append(lines.note)
    if drawn:
        return _draw(session, theme)
    interrupted = run_until_signal(session.run)
    if lines is not None and session.watch.number:
        lines.end(session.latest)
    code = _verdict(session, json=json)
    return ExitCode.INTERRUPTED if interrupted else code


def _can_draw() -> bool:
    """Whether the terminal can show a drawing; one whose TERM is dumb gets lines."""
    from rich.console import Console

    from ..views.terminal.screen import drawable

    return drawable(Console())


def _draw(session: "WatchSession", theme: str) -> int:
    """Draw until the viewer quits or the watch ends; the verdict then stays on the terminal."""
    import trio

    from ..interruption import run_until_signal
    from ..views.clean import clean
    from ..views.drawing.theme import Theme
    from ..views.terminal.watching import LiveWatch, watch_live

    live = LiveWatch()
    session.listeners.append(live.note)

    async def both() -> None:
        async with trio.open_nursery() as nursery:

            async def look() -> None:
                await session.run()
                nursery.cancel_scope.cancel()

            nursery.start_soon(look)
            await watch_live(live, theme=Theme(theme))
            nursery.cancel_scope.cancel()

    interrupted = run_until_signal(both)
    if session.watch.number:
        print(f"VERDICT  {clean(session.latest.verdict)}")
    code = _verdict(session, json=False)
    return ExitCode.INTERRUPTED if interrupted else code


def _print_json(snapshot: "Snapshot", _: "Sequence[Change]") -> None:
    from ..json_text import json_text

    print(json_text(snapshot), flush=True)


def _verdict(session: "WatchSession", *, json: bool) -> int:
    for line in session.violations:
        if not json:
            print(f"FAIL     {line}")
    return ExitCode.FAIL if session.violations else ExitCode.PASS


def replay_looks(timeline: "Timeline", display: "Display", *, json: bool) -> int:
    """Show a recorded watch: the dashboard at a set speed, or its lines; then the last look as a table."""
    snapshots = [one.snapshot for one in timeline.looks]
    if not snapshots:
        raise RecordingError("the watch was interrupted before its first look was complete")
    last = snapshots[-1]
    if json:
        _print_json(last, ())
        return ExitCode.PASS
    interrupted = False
    if on_terminal(display.plain) and _can_draw():
        from ..interruption import run_until_signal
        from ..views.drawing.theme import Theme
        from ..views.terminal.watching import replay_watch

        async def play() -> None:
            stays = not display.leaves
            await replay_watch(snapshots, display.speed, stays=stays, theme=Theme(display.theme))

        interrupted = run_until_signal(play)
    else:
        from ..views.plain import write_plain

        write_plain(timeline, sys.stdout)
    _print_table(last)
    print_how_to_see_it_again(display)
    return ExitCode.INTERRUPTED if interrupted else ExitCode.PASS


def _print_table(snapshot: "Snapshot") -> None:
    import shutil

    from ..views.watching.table import watch_table_lines

    width = shutil.get_terminal_size((140, 24)).columns
    for line in watch_table_lines(snapshot, width, sys.stdout.encoding):
        print(line)
