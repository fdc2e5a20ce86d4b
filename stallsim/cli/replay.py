"""``stallsim replay``: a recording, shown and judged like the run itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ExitCode, RecordingError
from ._present import present, show
from ._report import print_report
from .run import Json, Plain, Speed, Strict

if TYPE_CHECKING:
    from ..timeline.timeline import Timeline


def replay(
    file: Annotated[Path, typer.Argument(help="A recording made with --record, of a run or a probe.")],
    json: Json = False,
    plain: Plain = False,
    speed: Speed = 1.0,
    strict: Strict = False,
) -> int:
    """Show and judge a recording again.

    With the same dashboard and controls as the run that made it.
    """
    from ..timeline.recording import load

    timeline = load(file)
    if timeline.header is not None and timeline.header.probe is not None:
        return _present_probe(timeline, json=json, plain=plain, speed=speed)
    return present(timeline, json=json, plain=plain, speed=speed, strict=strict)


def _present_probe(timeline: "Timeline", *, json: bool, plain: bool, speed: float) -> int:
    """Judged by what the probe has found; there is no profile that expects anything."""
    from ..reports.recorded import recorded_result

    result = recorded_result(timeline)
    code = None if json else show(timeline, plain=plain, speed=speed)
    if result is not None:
        print_report(result, json=json)
    elif json:
        raise RecordingError("the probe was interrupted before a stall was judged: there is no result")
    else:
        print("OUTCOME  none: interrupted before a stall was judged")
    return code or (ExitCode.INTERRUPTED if timeline.interrupted else ExitCode.PASS)
