"""``stallsim diff``: the first ledger entry in which two results differ."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import ExitCode

EXAMPLES = ("stallsim diff monday.jsonl tuesday.jsonl",)


def diff(
    left: Annotated[Path, typer.Argument(metavar="A", help="A recording, or the output of run --json.")],
    right: Annotated[Path, typer.Argument(metavar="B", help="The recording or output to compare it with.")],
) -> int:
    """Compare the ledgers of two runs.

    The exit code is 0 if the ledgers agree. If they differ, it is 1, and the first entry that differs is
    printed.
    """
    from ..timeline.ledger import first_difference
    from ..verdict.result import load_ledger
    from ..views.difference import conditions_apart, difference_text

    ours, theirs = load_ledger(left), load_ledger(right)
    difference = first_difference(ours, theirs)
    if difference is None:
        if ours.digest != theirs.digest:
            print(
                "the listed entries agree, and older ones differ, which are not listed: compare recordings"
            )
            return ExitCode.FAIL
        print(f"the same: {len(ours.entries)} entries, digest {ours.digest}")
        return ExitCode.PASS
    print(difference_text(difference, str(left), str(right)))
    if ours.conditions != theirs.conditions:
        print(conditions_apart(ours, theirs))
    return ExitCode.FAIL
