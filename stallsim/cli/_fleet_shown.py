"""A fleet on standard output: drawn, as lines or as one object, live and replayed; and its exit code."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitCode, RecordingError
from ._lines import print_lines
from ._outputs import Reports
from ._present import Display, print_how_to_see_it_again

if TYPE_CHECKING:
    from ..fleet.result import FleetResult
    from ..fleet.spec import FleetSpec
    from ..timeline.timeline import Timeline

_NOTHING = "the fleet was interrupted before its baseline was known: there is no result"


def run_fleet(spec: "FleetSpec", *, drawn: bool) -> "tuple[Timeline, bool]":
    """Run it to its end or to a signal, recorded where that is asked for; whether a signal came."""
    from contextlib import ExitStack

    import trio

    from ..fleet.drawing import Drawing
    from ..fleet.fleet import Fleet
    from ..interruption import innermost, until_signal
    from ..probing.recording.file import recording_to

    fleet = Fleet(spec)
    with ExitStack() as stack:
        recorder = stack.enter_context(
            recording_to(
                spec.record, fleet.timeline, force=spec.force, begun=lambda: fleet.timeline.last_tick >= 0
            )
        )
        fleet.timeline.listen(stack.enter_context(Drawing(drawn)))
        try:
            interrupted = trio.run(until_signal, fleet.run)
        except BaseExceptionGroup as group:
            raise innermost(group) from None
    if recorder is not None:
        recorder.check()
    return fleet.timeline, interrupted


def present_fleet(
    timeline: "Timeline", display: Display, *, json: bool, reports: Reports | None = None
) -> int:
    """What it has come to, judged of the timeline; the exit code."""
    from ..fleet.judging import judge

    result = judge(timeline)
    if result is None:
        if json:
            raise RecordingError(_NOTHING)
        print(f"CAPACITY not known: {_NOTHING}")
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


def replay_fleet(timeline: "Timeline", file: Path, display: Display, *, json: bool) -> int:
    """A recorded fleet: its lines, and then judged again."""
    if not json:
        from ..views.plain import write_plain

        write_plain(timeline, sys.stdout)
    return present_fleet(timeline, display._replace(replay=str(file)), json=json)


def _print(result: "FleetResult", *, json: bool) -> None:
    if json:
        from ..json_text import json_text

        print(json_text(result))
        return
    from ..fleet.words import fleet_lines

    print_lines(fleet_lines(result, sys.stdout.encoding))
