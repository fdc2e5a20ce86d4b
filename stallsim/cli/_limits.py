"""The limits for a probed server; the exit code is 1 if a limit is broken or could not be tested."""

from typing import Annotated

import typer

from ._names import FAILURES, allowed, completes_list

FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="NAME,...",
        help=f"Outcomes and findings that exit 1. {allowed(FAILURES)}",
        autocompletion=completes_list(FAILURES),
    ),
]
MaxQueue = Annotated[
    str | None, typer.Option("--max-queue", metavar="SIZE", help="Exit 1 if it holds more payload.")
]
MustCloseWithin = Annotated[
    str | None,
    typer.Option("--must-close-within", metavar="DURATION", help="Exit 1 unless it disconnects by then."),
]
AllowUntested = Annotated[
    bool, typer.Option("--allow-untested", help="Exit 0 though a limit could not be tested.")
]
