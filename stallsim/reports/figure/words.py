"""A table of a matrix, with a colour for each word."""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ...matrix.judge import CellVerdict
from ..account import Table
from .text import plain

_V = CellVerdict
_COLOURS = {
    _V.BLOCKS: "#D55E00", _V.SLOWS: "#E9A06B", _V.STUCK: "#E9A06B", _V.GROWS: "#D55E00",
    _V.CUT: "#9CCBE8", _V.LEFT: "#E4E4E4", _V.LOSES: "#F5DE8A", _V.WAITS: "#F5DE8A",
    _V.HELD: "#E3B6D0", _V.STAYS: "#E3B6D0", _V.OK: "#9FD9C4",
}  # fmt: skip
_BY_NAME = {word.value: colour for word, colour in _COLOURS.items()}


def draw_words(table: Table, axes: Axes) -> None:
    """Draw the table: clients in rows, policies or guards in columns."""
    columns, rows = table.columns[1:], table.rows
    axes.set_xlim(0, max(1, len(columns)))
    axes.set_ylim(len(rows), 0)
    middles = [place + 0.5 for place in range(max(len(columns), len(rows)))]
    axes.set_xticks(middles[: len(columns)], [plain(one) for one in columns], rotation=30, ha="left")
    axes.set_yticks(middles[: len(rows)], [plain(row[0]) for row in rows])
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=9)
    axes.set_title(plain(table.title), loc="left", fontsize=11, fontweight="bold")
    for spine in axes.spines.values():
        spine.set_visible(False)
    for down, (_, *cells) in enumerate(rows):
        for across, cell in enumerate(cells):
            colour = _BY_NAME.get(cell.rstrip("+!"), "white")
            axes.add_patch(Rectangle((across, down), 1, 1, facecolor=colour, edgecolor="white"))
            axes.text(across + 0.5, down + 0.5, cell, ha="center", va="center", fontsize=9)
