"""``stallsim replay``: shows and judges a recording like the run itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ExitCode, RecordingError
from ._present import Display, Exit, ThemeName, present, print_how_to_see_it_again, show_timeline
from ._report import Verbose, print_report
from ._speed import Speed
from .run import Json, Plain, Strict

if TYPE_CHECKING:
    from ..timeline.timeline import Timeline

EXAMPLES = (
    "stallsim replay run.jsonl",
    "stallsim replay run.jsonl --json",
)


def replay(
    file: Annotated[
        Path, typer.Argument(help="A recording of a run, a probe, a watch or a fleet (--record).")
    ],
    json: Json = False,
    plain: Plain = False,
    speed: Speed = 1.0,
    verbose: Verbose = False,
    exit_: Exit = False,
    theme: ThemeName = "auto",
    strict: Strict = False,
) -> int:
    """Show and judge a recording again.

    The dashboard and its keys are those of the command that made the recording.
    """
    from ..timeline.recording import load_recording

    timeline = load_recording(file)
    display = Display(plain, speed, exit_, theme, str(file))
    if timeline.header is not None and timeline.header.probe is not None:
        return _present_probe(timeline, file, display, json=json, verbose=verbose)
    if timeline.header is not None and timeline.header.watch is not None:
        from ._watch_shown import replay_looks

        return replay_looks(timeline, display, json=json)
    if timeline.header is not None and timeline.header.fleet is not None:
        from ._fleet_shown import replay_fleet

        return replay_fleet(timeline, display, json=json)
    return present(timeline, display, json=json, strict=strict)


def _present_probe(timeline: "Timeline", file: Path, display: Display, *, json: bool, verbose: bool) -> int:
    """Show a recorded probe and judge it again."""
    from ..probing.recording.replay import judge_again

    result = judge_again(file)
    code = None if json else show_timeline(timeline, display)
    if result is not None:
        print_report(result, json=json, verbose=verbose)
    elif json:
        raise RecordingError("the probe was interrupted before a stall was judged: there is no result")
    else:
        print("OUTCOME  none: interrupted before a stall was judged")
    if not json:
        print_how_to_see_it_again(display)
    if code or timeline.interrupted:
        return code or ExitCode.INTERRUPTED
    return ExitCode.FAIL if result is not None and result.unmet else ExitCode.PASS
