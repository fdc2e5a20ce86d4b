"""``stallsim report``: turns recordings into files in common formats."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ExitCode, OptionError
from ._names import FORMATS, allowed, completes

EXAMPLES = (
    "stallsim report run.jsonl -o run.html",
    "stallsim report before.jsonl after.jsonl -o both.svg",
    "stallsim report run.jsonl -o run.html -o run.csv",
    "stallsim report run.jsonl -o -",
)


def report(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="RECORDING...",
            help="Recordings of run, probe, watch, fleet or matrix (--record), or the output of probe, "
            "fleet or matrix with --json.",
        ),
    ],
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to this file; its suffix selects the format. Repeatable; - is standard output, the "
            "default.",
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help=f"The format, if the suffix does not select it. {allowed(FORMATS)}",
            autocompletion=completes(FORMATS),
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
) -> int:
    """Write a report of one or several recordings.

    A report of several recordings shows them side by side, and lists their differences.
    """
    from ..reports.found import found_in
    from ..reports.output import Output

    names = output or ["-"]
    if format_ is not None and len(names) > 1:
        raise OptionError(
            "format", "it is for one `output=`; if there are several, their suffixes select the formats"
        )
    if names.count("-") > 1:
        raise OptionError("output", "only one report can be written to standard output")
    with ExitStack() as stack:
        opened = [stack.enter_context(Output(name, force=force, format_name=format_)) for name in names]
        found = [found_in(path) for path in recordings]
        for one in opened:
            one.write(found)
    return ExitCode.PASS
