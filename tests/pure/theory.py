"""The tables of docs/matrix.md, and the cells that the matrix has."""

import re
from collections.abc import Iterator

from stallsim.matrix import guard_sets
from stallsim.matrix.cell import Cell, Rate
from stallsim.matrix.plan import choose

from .source import ROOT

PAGE = "docs/matrix.md"
Place = tuple[str, str, str]
"""A table's title, a client (its row), and a policy or guard set (its column)."""


def theory() -> dict[Place, str]:
    """The tables of the page whose titles are those of the matrix's own."""
    text = (ROOT / PAGE).read_text()
    return {
        (title, client, column): word
        for title, table in re.findall(r"^\*\*([^*\n]+: by \w+)\*\*\n\n((?:\|.*\n)+)", text, re.MULTILINE)
        for client, column, word in _cells(table)
    }


def _cells(table: str) -> Iterator[Place]:
    heading, _, *rows = ([word.strip() for word in line.split("|")[1:-1]] for line in table.splitlines())
    for client, *words in rows:
        for column, word in zip(heading[1:], words, strict=True):
            yield client, column, word


def tried() -> list[Place]:
    """Every cell that ``stallsim matrix`` runs."""
    return [_place(cell) for cell in choose((), (), ()).cells]


def _place(cell: Cell) -> Place:
    if cell.guards == guard_sets.NONE and cell.rate is Rate.FLOOD:
        return "no guard, flood: by policy", cell.client, cell.policy
    return f"policy {cell.policy}, {cell.rate.value}: by guards", cell.client, cell.guards
