"""``python -m stallsim.matrix.worker``: runs the cells that it reads, one a line, and answers with a line
each.

Each cell runs in a child that is forked from this process, where everything is imported already: a cell
enters a network stack of its own and cannot leave it.
"""

import os
import signal
import sys
import traceback
from contextlib import suppress

import msgspec

from ..children.copies import fork_copy
from ..clients import CLIENTS
from ..errors import refusal
from ..server.guards import GUARDS
from ..server.policies import POLICIES
from .cell import Cell
from .run import CellRun, CellStatus, run_cells


def main() -> None:
    """Run cells until the end of the input, also if the parent process ends."""
    import_variants()
    for line in sys.stdin.buffer:
        answer = in_a_child(msgspec.json.decode(line, type=Cell))
        with suppress(BrokenPipeError):  # the parent has ended, and so has the input
            sys.stdout.buffer.write(answer + b"\n")
            sys.stdout.buffer.flush()


def import_variants() -> None:
    """Import all variants once, here, and not again in every child."""
    for family in (CLIENTS, POLICIES, GUARDS):
        for name in family.names():
            family.find(name)


def in_a_child(cell: Cell) -> bytes:
    """The cell's result, encoded, even if its process breaks, or there can be none."""
    try:
        child, output = _fork_and_wait(cell)
    except OSError as error:
        return msgspec.json.encode(_refused(cell, error))
    _, status = os.waitpid(child, 0)
    if output:
        return output
    how = os.waitstatus_to_exitcode(status)
    reason = (
        f"the process of this cell was ended by {signal.Signals(-how).name}"
        if how < 0
        else f"the process of this cell exited with {how}"
    )
    return msgspec.json.encode(CellRun(cell=cell, status=CellStatus.UNSOUND, reason=reason))


def _fork_and_wait(cell: Cell) -> tuple[int, bytes]:
    """The child's pid, and what it has written until its end. Raises OSError if it cannot be created."""
    ours, theirs = os.pipe()

    def answer() -> None:
        with open(theirs, "wb") as pipe:  # noqa: PTH123 - a descriptor
            pipe.write(msgspec.json.encode(_attempt(cell)))

    with open(ours, "rb") as pipe:  # noqa: PTH123 - a descriptor
        try:
            child = fork_copy(answer)
        finally:
            os.close(theirs)
        return child, pipe.read()


def _attempt(cell: Cell) -> CellRun:
    try:
        return run_cells(cell)
    except Exception as error:  # noqa: BLE001 - told to whoever asked, as this cell's result
        if refusal(error):
            return _refused(cell, error)
        traceback.print_exc()
        return CellRun(cell=cell, status=CellStatus.UNSOUND, reason=f"{type(error).__name__}: {error}")


def _refused(cell: Cell, error: Exception) -> CellRun:
    return CellRun(cell=cell, status=CellStatus.NOT_RUN, reason=str(refusal(error)))


if __name__ == "__main__":
    main()
