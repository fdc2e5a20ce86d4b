"""The limits for a probed server; the exit code is 1 if a limit is broken or could not be tested."""

from typing import Annotated

import typer

from ._names import FAILURES, allowed, completes_list

FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="NAME,...",
        help=f"Outcomes and findings for which the exit code is 1. {allowed(FAILURES)}",
        autocompletion=completes_list(FAILURES),
    ),
]
MaxQueue = Annotated[
    str | None, typer.Option("--max-queue", metavar="SIZE", help="Exit 1 if the server holds more payload.")
]
MustCloseWithin = Annotated[
    str | None,
    typer.Option(
        "--must-close-within", metavar="DURATION", help="Exit 1 unless the server disconnects by then."
    ),
]
AllowUntested = Annotated[
    bool, typer.Option("--allow-untested", help="Exit 0 even if a limit could not be tested.")
]
