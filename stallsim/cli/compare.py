"""``stallsim compare``: compares two results of a probe, a run or a fleet, before and after a change."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ExitCode

EXAMPLES = (
    "stallsim compare before.json after.json",
    "stallsim compare monday.jsonl tuesday.jsonl",
)


def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A recording, or the output of --json.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later result, of the same kind.")],
) -> int:
    """Report what a change has made better or worse.

    The rows are the outcome, bound, end and witness of each stall; or each size of a fleet, and what a
    client costs. The exit code is 0 if nothing is worse, and 1 if something is worse, was not tried again,
    or is not known any more; a value that is not known in one of the two results is neither better nor
    worse.
    """
    from ..comparing.compare import compare_results as compare_sides
    from ..comparing.compare import is_worse, lines_of
    from ..comparing.side import side_of
    from ..views.clean import clean, encodable

    compared = compare_sides(side_of(old), side_of(new))
    for line in lines_of(compared):
        print(encodable(clean(line), sys.stdout.encoding))
    return ExitCode.FAIL if is_worse(compared) else ExitCode.PASS
