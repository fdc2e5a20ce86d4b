"""``stallsim report``: recordings as files that others can open."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import ExitCode
from ._names import FORMATS, allowed, completes

EXAMPLES = (
    "stallsim report run.jsonl -o run.html",
    "stallsim report before.jsonl after.jsonl -o both.svg",
    "stallsim report run.jsonl -o -",
)


def report(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="RECORDING...",
            help="Recordings of run, probe, watch, fleet or matrix (--record); or what probe, fleet or "
            "matrix printed with --json.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to; its suffix says which format. - is standard output.",
        ),
    ] = "-",
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help=f"The format, where the suffix does not say it. {allowed(FORMATS)}",
            autocompletion=completes(FORMATS),
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> int:
    """Write a report of one or several recordings.

    Several recordings are set side by side, and what differs between them is named.
    """
    from ..reports.found import found_in
    from ..reports.output import Output

    with Output(output, force=force, format_name=format_) as to:
        to.write([found_in(path) for path in recordings])
    return ExitCode.PASS
