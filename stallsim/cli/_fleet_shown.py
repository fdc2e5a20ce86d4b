"""Shows a fleet on standard output: drawn, as lines or as one object, live or replayed; and its
exit code.
"""

import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from ..errors import ExitCode
from ..named_options import for_command_line
from ._lines import print_lines
from ._metrics import Metrics
from ._outputs import Reports
from ._present import Display, on_terminal, plain_lines, print_how_to_see_it_again
from ._unwritten import Unwritten

if TYPE_CHECKING:
    from ..fleet.fleet import Fleet
    from ..fleet.result import FleetResult
    from ..fleet.spec import FleetSpec
    from ..timeline.timeline import Timeline

_NOTHING = "the fleet was interrupted before its baseline was known: there is no result"


def run_fleet(
    spec: "FleetSpec", display: Display, metrics: Metrics, unwritten: Unwritten, *, quiet: bool
) -> "Timeline":
    """Run a fleet to its end or until a signal; record it if asked for, show it unless ``quiet``."""
    from ..fleet.fleet import Fleet
    from ..fleet.stack import enter_for_half_open
    from ..probing.recording.file import recording_to

    fleet = Fleet(spec, private_stack=enter_for_half_open(spec))
    drawn = not quiet and on_terminal(display.plain) and _can_draw()
    listener = metrics.beside(None if quiet or drawn else plain_lines())
    if listener is not None:
        fleet.timeline.listen(listener)
    with recording_to(
        spec.record, fleet.timeline, force=spec.force, begun=lambda: fleet.timeline.last_tick >= 0
    ) as recorder:
        _run(_beside_its_dashboard(fleet, display) if drawn else fleet.run)
    if recorder is not None:
        with unwritten.noted():
            recorder.check()
    return fleet.timeline


def _run(work: "Callable[[], Awaitable[None]]") -> None:
    from ..interruption import run_until_signal

    run_until_signal(work)


def _beside_its_dashboard(fleet: "Fleet", display: Display) -> "Callable[[], Awaitable[None]]":
    """Run a fleet with its dashboard. The fleet continues when the viewer quits the dashboard; the
    dashboard ends with the fleet.
    """
    import trio

    from ..views.drawing.theme import Theme
    from ..views.fleet.moments import FleetMoments
    from ..views.terminal.fleet import watch_fleet

    seen = FleetMoments()
    fleet.timeline.listen(seen)

    async def both() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(partial(watch_fleet, seen, theme=Theme(display.theme)))
            await fleet.run()
            nursery.cancel_scope.cancel()

    return both


def _can_draw() -> bool:
    """Whether the terminal can show a drawing; one whose TERM is dumb gets lines."""
    from rich.console import Console

    from ..views.terminal.screen import drawable

    return drawable(Console())


def present_fleet(
    timeline: "Timeline", display: Display, *, json: bool, reports: Reports | None = None
) -> int:
    """Judge the timeline, show the result and write the reports; return the exit code."""
    from ..fleet.judging import judge

    result = judge(timeline)
    if result is None:
        print(f"CAPACITY not known: {_NOTHING}", file=sys.stderr if json else sys.stdout)
        return ExitCode.INTERRUPTED
    if reports:
        from ..reports.found import found_timeline

        reports.write(found_timeline(timeline, result.url))
    if reports is None or not reports.on_standard_output:
        _print(result, json=json)
        if not json:
            if timeline.end is None:
                print("cut off  the recording has no end: what came after its last record is not known")
            print_how_to_see_it_again(display)
    if timeline.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.FAIL if result.unmet else ExitCode.PASS


def replay_fleet(timeline: "Timeline", display: Display, *, json: bool) -> int:
    """Show a recorded fleet (the dashboard at a set speed, or its lines), then judge it again."""
    if not json and on_terminal(display.plain) and _can_draw() and timeline.fleet.readings:
        from ..views.drawing.theme import Theme
        from ..views.fleet.moments import FleetMoments
        from ..views.terminal.fleet import replay_moments

        seen, theme = FleetMoments.of(timeline), Theme(display.theme)
        _run(partial(replay_moments, seen, display.speed, stays=not display.leaves, theme=theme))
    elif not json:
        from ..views.plain import write_plain

        write_plain(timeline, sys.stdout)
    return present_fleet(timeline, display, json=json)


def _print(result: "FleetResult", *, json: bool) -> None:
    if json:
        from ..json_text import json_text

        print(json_text(result))
        return
    from ..fleet.words import fleet_lines

    print_lines(map(for_command_line, fleet_lines(result, sys.stdout.encoding)))
