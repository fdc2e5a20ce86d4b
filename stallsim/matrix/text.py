"""The tables as text. Each column's name has a line of its own, so any name fits a narrow column."""

import io
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from .grid import LEGEND, Grid, grids, word
from .judge import CellVerdict
from .report import CellReport, Matrix
from .scaled import Scaling

WIDTH = 80
_COLUMN = 7
_STYLES = {
    CellVerdict.BLOCKS: "red",
    CellVerdict.SLOWS: "red",
    CellVerdict.STUCK: "red",
    CellVerdict.GROWS: "red",
    CellVerdict.CUT: "cyan",
    CellVerdict.LEFT: "dim",
    CellVerdict.LOSES: "yellow",
    CellVerdict.WAITS: "yellow",
    CellVerdict.HELD: "magenta",
    CellVerdict.STAYS: "magenta",
    CellVerdict.OK: "green",
}


def matrix_text(matrix: Matrix) -> Iterator[Text]:
    """All tables, the legend, the scale, and what went wrong, line by line."""
    for grid in grids(matrix):
        yield from _table(grid)
        yield Text()
    for mark, words in LEGEND:
        yield Text(f"{mark:>7}  {words}")
    yield Text()
    yield from _scale(matrix)
    reasons = dict.fromkeys(f"{one.status.value}: {one.reason}" for one in matrix.cells if one.reason)
    for reason in reasons:
        yield Text(reason, "yellow")
    if matrix.interrupted or matrix.not_run:
        why = "interrupted: " if matrix.interrupted else ""
        yield Text(f"{why}{matrix.not_run} cells of the plan were not run", "yellow")


def as_svg(matrix: Matrix) -> str:
    """The same lines as a picture."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False, force_terminal=True)
    for line in matrix_text(matrix):
        console.print(line)
    return console.export_svg(title="stallsim matrix")


def _table(grid: Grid) -> Iterator[Text]:
    margin = max(map(len, [*(client for client, _ in grid.rows), *grid.columns[:1]])) + 1
    fit = (WIDTH - margin) // _COLUMN
    for first in range(0, len(grid.columns), fit):
        columns = grid.columns[first : first + fit]
        yield Text(grid.title + (" (continued)" if first else ""), "bold")
        for index in range(len(columns) - 1, -1, -1):
            name = f"{columns[index]} ".rjust(margin + index * _COLUMN)
            yield Text((name + ("|" + " " * (_COLUMN - 1)) * (len(columns) - index)).rstrip())
        for client, cells in grid.rows:
            line = Text(f"{client:<{margin}}")
            for cell in cells[first : first + fit]:
                line.append(f"{word(cell):<{_COLUMN}}", style(cell))
            line.rstrip()
            yield line


def style(cell: CellReport | None) -> str:
    """The style of a cell."""
    if cell is None or cell.word is None:
        return "dim"
    return "bold white on red" if cell.false_positive else _STYLES[cell.word]


def _scale(matrix: Matrix) -> Iterator[Text]:
    one = matrix.schedule
    yield Text(
        f"A cell is {one.end_s:g} s of scenario time: at {one.stall_s:g} s the stall begins, at "
        f"{one.wake_s:g} s it ends"
    )
    yield Text(f"(if it ends), at {one.close_s:g} s the server sends Close. Scaled down, default -> cell:")
    for each in matrix.scale:
        yield Text(f"  {scale_words(each)}")


def scale_words(each: Scaling) -> str:
    """A setting as ``ping-timeout interval: 20 -> 1 s``."""
    unit = f" {each.unit}" if each.unit else ""
    return f"{each.variant} {each.option}: {each.default:,.12g} -> {each.cell:,.12g}{unit}"
