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
            help="Recordings of run, probe, watch, fleet or matrix (--record); or what probe, fleet or "
            "matrix printed with --json.",
        ),
    ],
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to; its suffix says which format. Repeatable; - is standard output, the default.",
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help=f"The format, where the suffix does not say it. {allowed(FORMATS)}",
            autocompletion=completes(FORMATS),
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
) -> int:
    """Write a report of one or several recordings.

    Several recordings are set side by side, and what differs between them is named.
    """
    from ..reports.found import found_in
    from ..reports.output import Output

    names = output or ["-"]
    if format_ is not None and len(names) > 1:
        raise OptionError("format", "it is the format of one file; several say theirs by their suffixes")
    if names.count("-") > 1:
        raise OptionError("output", "standard output has room for one report")
    with ExitStack() as stack:
        opened = [stack.enter_context(Output(name, force=force, format_name=format_)) for name in names]
        found = [found_in(path) for path in recordings]
        for one in opened:
            one.write(found)
    return ExitCode.PASS
