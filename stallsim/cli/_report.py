"""Prints the result of a probe, for the probe itself and for the replay of its recording."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..named_options import for_command_line
from ._lines import print_lines

if TYPE_CHECKING:
    from ..timeline.probed.result import ProbeResult


Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Print the evidence and the numbers of a probe, too."),
]


def print_report(result: "ProbeResult", *, json: bool, verbose: bool = False) -> None:
    """Print the result as a JSON object or as a report."""
    if json:
        from ..json_text import json_text

        print(for_command_line(json_text(result)))
        return
    from ..probing.report.wording import report_lines

    print_lines(map(for_command_line, report_lines(result, sys.stdout.encoding, verbose=verbose)))
