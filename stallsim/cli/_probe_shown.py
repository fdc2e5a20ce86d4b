"""Makes a probe and shows it: on the terminal, in reports, in a recording."""

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from ..errors import EnvironmentUnfit, ExitCode
from ._further import with_command
from ._metrics import Metrics
from ._outputs import Reports
from ._packets import Packets
from ._present import (
    Display,
    dashboard,
    on_terminal,
    print_how_to_see_it_again,
    probing,
    waiting_line,
)
from ._report import print_report

if TYPE_CHECKING:
    from ..probing.spec import ProbeSpec
    from ..timeline.probed.result import ProbeResult
    from ..timeline.timeline import Timeline


def probe_and_show(
    spec: "ProbeSpec",
    reports: Reports,
    packets: Packets,
    metrics: Metrics,
    display: Display,
    *,
    json: bool,
    verbose: bool,
) -> int:
    """Make a probe; show, write and record its result. Return the exit code. Raises StallsimError."""
    from ..probing.recording.file import recorded
    from ..probing.run_probe import run_probe
    from ..timeline.timeline import Timeline

    quiet = json or reports.on_standard_output
    drawn = not quiet and on_terminal(display.plain)
    narrated = not (quiet or display.plain or drawn) and sys.stderr.isatty()
    timeline = Timeline()
    quietly = nullcontext(None if drawn else waiting_line)
    with recorded(spec, timeline) as recorder, probing() if narrated else quietly as listener:
        watcher = dashboard(display) if drawn else None
        every = metrics.beside(packets.beside(listener))
        result = run_probe(spec, watcher=watcher, listener=every, timeline=timeline)
    packets.write(timeline)
    code = ExitCode.INTERRUPTED
    if result is not None:
        if not json:  # a replay prints the same JSON object, and does not know this command
            result = with_command(result, sys.argv[1:])
        code = _present(result, timeline, reports, display, json=json, verbose=verbose)
    if recorder is not None:
        recorder.check()
    packets.check()
    reports.check()
    return code


def _present(
    result: "ProbeResult",
    timeline: "Timeline",
    reports: Reports,
    display: Display,
    *,
    json: bool,
    verbose: bool,
) -> ExitCode:
    if reports:
        from ..reports.found import found_timeline

        reports.write(found_timeline(timeline, result.url, result=result))
    if not reports.on_standard_output:
        print_report(result, json=json, verbose=verbose)
        if not json:
            print_how_to_see_it_again(display)
    if result.interrupted:
        return ExitCode.INTERRUPTED
    if result.failure:
        raise EnvironmentUnfit(f"the probe ended before every stall was tried: {result.failure}")
    return ExitCode.FAIL if result.unmet else ExitCode.PASS
