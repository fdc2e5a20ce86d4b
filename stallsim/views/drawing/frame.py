"""Rows of styled text, cut and padded to the cell, from which every view is made.

Rows become rich segments directly. Nothing passes through markup or wrapping, so text from others cannot
style itself, and a frame takes little time.
"""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from .palette import ASCII, BOLD, DIM, PLAIN, Glyphs
from .theme import Theme, themed

Span = tuple[str, Style]
Row = list[Span]


class Frame:
    """A finished picture: a rich renderable of exactly ``width`` x ``height`` cells."""

    def __init__(
        self, rows: Sequence[Row], width: int, height: int, glyphs: Glyphs, theme: Theme = Theme.AUTO
    ) -> None:
        self._theme = theme
        self.rows = [fit(row, width, glyphs) for row in rows[:height]]
        self.rows += [[(" " * width, PLAIN)]] * (height - len(self.rows))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        sixteen = console.color_system == "standard"
        for number, row in enumerate(self.rows):
            if number:
                yield Segment.line()
            for text, style in row:
                yield Segment(text, themed(style, self._theme, sixteen))

    @property
    def text(self) -> str:
        """The frame without its styles; one line for each row."""
        return "\n".join("".join(text for text, _ in row) for row in self.rows)


def fit(row: Row, width: int, glyphs: Glyphs) -> Row:
    """The row, cut (with a mark) or padded to ``width`` cells; in ASCII if the glyphs are ASCII."""
    if glyphs is ASCII:
        row = [(text.encode("ascii", "replace").decode(), style) for text, style in row]
    fitted: Row = []
    left = width
    for text, style in row:
        size = cell_len(text)
        if size > left:
            if left > 0:
                fitted.append((set_cell_size(text, left - 1) + glyphs.cut, style))
            elif fitted:
                last, its_style = fitted[-1]
                fitted[-1] = (
                    set_cell_size(last, max(0, cell_len(last) - 1)) + glyphs.cut,
                    its_style,
                )
            return fitted
        fitted.append((text, style))
        left -= size
    if left:
        fitted.append((" " * left, PLAIN))
    return fitted


def beside(columns: Sequence[tuple[list[Row], int]], glyphs: Glyphs, gap: int = 2) -> list[Row]:
    """Blocks of rows side by side, each with its own width; shorter blocks are filled with blank rows."""
    height = max((len(rows) for rows, _ in columns), default=0)
    lines: list[Row] = []
    for number in range(height):
        line: Row = []
        for place, (rows, width) in enumerate(columns):
            line += [(" " * gap, PLAIN)] if place else []
            line += fit(rows[number] if number < len(rows) else [], width, glyphs)
        lines.append(line)
    return lines


def heading(text: str, width: int, glyphs: Glyphs) -> Row:
    """A line that begins a section."""
    if len(text) >= width:
        return [(text, BOLD)]
    return [(f"{text} ", BOLD), (glyphs.line * (width - len(text) - 1), DIM)]


def spread(left: Row, right: Row, width: int) -> Row:
    """``left`` and ``right`` at the two ends of a row; without room for both, only ``left``."""
    used = row_width(left) + row_width(right)
    if used + 1 > width:
        return left
    return [*left, (" " * (width - used), PLAIN), *right]


def row_width(row: Iterable[Span]) -> int:
    """The width of a row in cells."""
    return sum(cell_len(text) for text, _ in row)
