"""The account of a matrix: its tables of words, and a check for each cell."""

from collections.abc import Iterator

from ...matrix.cell import CONTROL
from ...matrix.detail import as_detail
from ...matrix.grid import LEGEND, Grid, grids, word
from ...matrix.judge import CellVerdict
from ...matrix.report import CellReport, Matrix
from ...matrix.run import CellStatus as Ran
from ...matrix.text import scale_words
from ...units import format_count
from ..account import Account, Check, CheckStatus, Section, Table

_DETAILS_MAX = 40
_HARMFUL = frozenset({CellVerdict.BLOCKS, CellVerdict.SLOWS, CellVerdict.STUCK, CellVerdict.GROWS})


def account_of_matrix(matrix: Matrix) -> Account:
    """The account of every cell that was run; cells that were not run are only counted."""
    unsound, robbed = len(matrix.unsound), sum(one.false_positive for one in matrix.cells)
    outcome = "interrupted" if matrix.interrupted else "not sound" if unsound else "complete"
    return Account(
        kind="matrix",
        title="which defence stops which stall",
        outcome=outcome,
        bad=bool(unsound),
        words=tuple(_words(matrix, unsound, robbed)),
        tables=tuple(map(_table, grids(matrix))),
        advice=(),
        evidence=tuple(_evidence(matrix)),
        facts=tuple(_facts(matrix)),
        checks=tuple(_check(one, matrix) for one in matrix.cells),
        seconds=0.0,
    )


def _words(matrix: Matrix, unsound: int, robbed: int) -> Iterator[str]:
    yield f"{format_count(len(matrix.cells))} cells were run, each beside a witness on the same stream"
    if matrix.not_run:
        yield f"{format_count(matrix.not_run)} cells of the plan were not run"
    if unsound:
        yield f"{unsound} cells are not valid, because their runs failed"
    if robbed:
        yield f"{robbed} cells have a healthy client that was disconnected or lost messages (marked !)"


def _table(grid: Grid) -> Table:
    rows = tuple((client, *map(word, cells)) for client, cells in grid.rows)
    return Table(grid.title, ("client", *grid.columns), rows)


def _evidence(matrix: Matrix) -> Iterator[Section]:
    yield Section("What the words mean", tuple(f"{mark}: {words}" for mark, words in LEGEND))
    schedule = matrix.schedule
    times = (
        f"a cell is {schedule.end_s:g} s of scenario time: the stall begins at {schedule.stall_s:g} s and "
        f"ends (if it ends) at {schedule.wake_s:g} s; the server sends Close at {schedule.close_s:g} s"
    )
    scaled = (f"scaled down: {scale_words(each)}" for each in matrix.scale)
    yield Section("How a cell runs", (times, *scaled))
    for one in matrix.single:
        heading, *lines = as_detail(one, matrix.control_of(one))
        yield Section(heading, tuple(line.strip() for line in lines))


def _facts(matrix: Matrix) -> Iterator[tuple[str, str]]:
    yield "stallsim", matrix.stallsim
    yield "kernel", matrix.kernel
    yield "network", "every cell had a private stack" if matrix.private_stack else "the machine's own stack"


def _check(one: CellReport, matrix: Matrix) -> Check:
    """The check of a cell. It fails if the cell cannot be trusted or a healthy client was harmed. What a
    defence does to a stalled client is the matrix's result and no failure.
    """
    match one.status:
        case Ran.UNSUPPORTED | Ran.NOT_RUN:
            return Check(str(one.cell), CheckStatus.NOT_KNOWN, one.reason)
        case Ran.UNSOUND:
            return Check(str(one.cell), CheckStatus.FAILED, one.reason)
        case Ran.RAN:
            control = matrix.control_of(one)
            details = tuple(line.strip() for line in as_detail(one, control))[:_DETAILS_MAX]
            harmed = one.false_positive or (one.client == CONTROL and one.word in _HARMFUL)
            words = f"a client that keeps up: {word(one)}" if harmed else word(one)
            return Check(
                str(one.cell), CheckStatus.FAILED if harmed else CheckStatus.PASSED, words, details
            )
