"""The tables in Markdown (GitHub's tables), for a README or an issue."""

from collections.abc import Iterator

from .grid import LEGEND, grids, word
from .report import Matrix
from .text import scale_words


def as_markdown(matrix: Matrix) -> Iterator[str]:
    """All tables, the legend and the scale, line by line."""
    for grid in grids(matrix):
        yield f"**{grid.title}**"
        yield ""
        yield _row(["client", *grid.columns])
        yield _row(["---"] * (len(grid.columns) + 1))
        for client, cells in grid.rows:
            yield _row([client, *(_marked(word(cell)) for cell in cells)])
        yield ""
    yield "; ".join(f"`{mark}` {words}" for mark, words in LEGEND) + "."
    yield ""
    yield f"Scaled down: {'; '.join(map(scale_words, matrix.scale)) or 'nothing'}."
    if matrix.not_run:
        yield ""
        yield f"{matrix.not_run} cells of the plan were not run."


def _row(words: list[str]) -> str:
    return f"| {' | '.join(words)} |"


def _marked(word: str) -> str:
    return f"**{word}**" if word.endswith("!") else word
