"""The matrix as tables of words, for the terminal, Markdown and the picture."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import guard_sets
from .build import name_cell
from .cell import CONTROL, Rate
from .judge import CellVerdict
from .report import CellReport, Matrix
from .run import CellStatus

NOT_RUN, UNSUPPORTED, UNSOUND = "·", "n/a", "ERROR"


class Grid(NamedTuple):
    """One table: clients in rows, policies or guard sets in columns."""

    title: str
    columns: list[str]
    rows: list[tuple[str, list[CellReport | None]]]
    """A cell is None if it was not run."""


def grids(matrix: Matrix) -> Iterator[Grid]:
    """A table for each guard set that was tried with several policies, and one for each policy of the other
    sets.
    """
    by_cell = {one.cell.name: one for one in matrix.cells if one.cell == name_cell(*one.cell.name)}
    named = {one.client for one in matrix.cells}
    clients = [client for client in (CONTROL, *sorted(named - {CONTROL})) if client in named]
    sets = list(dict.fromkeys((one.guards, one.rate) for one in matrix.cells))
    shared = {each: _policies(matrix, *each) for each in sets}
    for (guards, rate), policies in shared.items():
        if len(policies) > 1:
            title = "no guard" if guards == guard_sets.NONE else guards
            rows = [
                (client, [by_cell.get((policy, guards, client, rate)) for policy in policies])
                for client in clients
            ]
            yield Grid(f"{title}, {rate.value}: by policy", policies, rows)
    alone = {each: policies[0] for each, policies in shared.items() if len(policies) == 1}
    for policy in dict.fromkeys(alone.values()):
        for rate in Rate:
            columns = [guards for (guards, one), own in alone.items() if (own, one) == (policy, rate)]
            if columns:
                rows = [
                    (client, [by_cell.get((policy, guards, client, rate)) for guards in columns])
                    for client in clients
                ]
                yield Grid(f"policy {policy}, {rate.value}: by guards", columns, rows)


def _policies(matrix: Matrix, guards: str, rate: Rate) -> list[str]:
    return list(
        dict.fromkeys(one.policy for one in matrix.cells if (one.guards, one.rate) == (guards, rate))
    )


def word(cell: CellReport | None) -> str:
    """The cell's word, in at most six characters, with a mark."""
    if cell is None:
        return NOT_RUN
    match cell.status:
        case CellStatus.NOT_RUN:
            return NOT_RUN
        case CellStatus.UNSUPPORTED:
            return UNSUPPORTED
        case CellStatus.UNSOUND:
            return UNSOUND
        case CellStatus.RAN:
            word = cell.word.value if cell.word else NOT_RUN
            mark = "!" if cell.false_positive else "+" if cell.recovered else ""
            return word + mark


LEGEND: Sequence[tuple[str, str]] = (
    (CellVerdict.BLOCKS.value, "other clients wait"),
    (CellVerdict.SLOWS.value, "other clients receive less, or later"),
    (CellVerdict.STUCK.value, "a guard could not end it: its Close waits, or has no answer"),
    (CellVerdict.GROWS.value, "the server's memory grew, and nothing in the server stopped it"),
    (CellVerdict.CUT.value, "the server or its kernel ended the connection; memory is free"),
    (CellVerdict.LEFT.value, "the client ended the connection"),
    (CellVerdict.LOSES.value, "messages were dropped; the connection was kept"),
    (CellVerdict.WAITS.value, "its own producer waited; no message is lost, but all are late"),
    (
        CellVerdict.HELD.value,
        "it does not read, or is gone; its descriptor and buffers are kept",
    ),
    (CellVerdict.STAYS.value, "it received the stream, and did not end at the server's Close"),
    (CellVerdict.OK.value, "it received the stream, and ended at the server's Close"),
    ("+", "the client also recovered when it woke"),
    ("!", "a false positive: a healthy client was cut or lost messages"),
    (NOT_RUN, "not run"),
)
