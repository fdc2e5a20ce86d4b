"""A watch on standard output: one table, lines, objects or the dashboard; and its exit code."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import ExitCode

if TYPE_CHECKING:
    from ..timeline.changes import Change
    from ..timeline.watched import Snapshot
    from ..watching.session import Session


def show_once(session: "Session", *, json: bool) -> int:
    """Two readings apart, one table or object."""
    import time

    from ..watching.going_on import look_twice

    snapshot = look_twice(session.watch, session.interval_s, time.sleep)
    session.tell(snapshot)
    if json:
        _print_json(snapshot, ())
    else:
        import shutil

        from ..views.watching.table import table_lines

        width = shutil.get_terminal_size((140, 24)).columns
        for line in table_lines(snapshot, width, sys.stdout.encoding):
            print(line)
    return _verdict(session, json=json)


def show_looks(session: "Session", *, json: bool, drawn: bool) -> int:
    """Until a signal, a threshold or the end of --duration."""
    import trio

    from ..interruption import until_signal

    if json:
        session.listeners.append(_print_json)
    lines = None
    if not json and not drawn:
        from ..views.watching.plain import PlainLines

        lines = PlainLines(sys.stdout)
        session.listeners.append(lines.note)
    if drawn:
        return _draw(session)
    interrupted = trio.run(until_signal, session.run)
    if lines is not None and session.watch.number:
        lines.end(session.latest)
    code = _verdict(session, json=json)
    return ExitCode.INTERRUPTED if interrupted else code


def _draw(session: "Session") -> int:
    """The dashboard, until the viewer quits or the watch is over; the verdict stays on the terminal."""
    import trio

    from ..interruption import until_signal
    from ..views.clean import clean
    from ..views.terminal.watching import LiveWatch, watch_live

    live = LiveWatch()
    session.listeners.append(live.note)

    async def both() -> None:
        async with trio.open_nursery() as nursery:

            async def look() -> None:
                await session.run()
                nursery.cancel_scope.cancel()

            nursery.start_soon(look)
            await watch_live(live)
            nursery.cancel_scope.cancel()

    interrupted = trio.run(until_signal, both)
    if session.watch.number:
        print(f"VERDICT  {clean(session.latest.verdict)}")
    code = _verdict(session, json=False)
    return ExitCode.INTERRUPTED if interrupted else code


def _print_json(snapshot: "Snapshot", _: "Sequence[Change]") -> None:
    import msgspec

    print(msgspec.json.encode(snapshot).decode(), flush=True)


def _verdict(session: "Session", *, json: bool) -> int:
    for line in session.violations:
        if not json:
            print(f"FAIL     {line}")
    return ExitCode.FAIL if session.violations else ExitCode.PASS
