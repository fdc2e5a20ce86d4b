"""Every cell that theory decides, against the theory: docs/matrix.md is the table."""

import re
from collections.abc import Iterator

import pytest

from stallsim.clients import CLIENTS
from stallsim.matrix import guard_sets
from stallsim.matrix.grid import NOT_RUN, Grid, grids, word
from stallsim.matrix.make import make_matrix
from stallsim.matrix.plan import choose
from stallsim.matrix.report import CellReport, Matrix
from stallsim.server.policies import POLICIES

from .running import CHECKOUT

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.slow,
    pytest.mark.realtime,
    pytest.mark.xdist_group("matrix"),  # they share one matrix
]
_UNDECIDED = "?"
BY_DAY = ("well-behaved", "stop-reading", "sleeping-tab", "slow-reader", "half-open", "vanishing")
"""One of each: reads, holds everything up, wakes, falls behind, is gone with its host, is gone in haste."""
Theory = dict[tuple[str, str, str], str]
"""By the table's title, client and column."""


def theory() -> Theory:
    """The tables of docs/matrix.md whose titles are those of the matrix's own."""
    text = (CHECKOUT / "docs/matrix.md").read_text()
    return {
        (title, client, column): said
        for title, table in re.findall(r"^\*\*([^*\n]+: by \w+)\*\*\n\n((?:\|.*\n)+)", text, re.MULTILINE)
        for client, column, said in _cells(table)
    }


def _cells(table: str) -> Iterator[tuple[str, str, str]]:
    heading, _, *rows = ([word.strip() for word in line.split("|")[1:-1]] for line in table.splitlines())
    for client, *said in rows:
        for column, each in zip(heading[1:], said, strict=True):
            yield client, column, each


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((POLICIES.names(), (), BY_DAY), id="policies"),
        pytest.param((POLICIES.names(), (), CLIENTS.names()), id="clients", marks=pytest.mark.nightly),
        pytest.param(((), guard_sets.guard_set_names(), ()), id="guards", marks=pytest.mark.nightly),
    ],
)
def matrix(request: pytest.FixtureRequest) -> Matrix:
    """By day a few clients of every policy; test_guards.py and test_kernel_timers.py show the guards."""
    policies, guards, clients = request.param
    return make_matrix(choose(policies, guards, clients), on_result=quiet, expect=quiet)


def quiet(*_: object) -> None:
    """Nobody watches."""


def observed(matrix: Matrix) -> Theory:
    return {
        (grid.title, client, column): word(cell)
        for grid in grids(matrix)
        for client, column, cell in _named(grid)
    }


def _named(grid: Grid) -> Iterator[tuple[str, str, CellReport | None]]:
    for client, cells in grid.rows:
        for column, cell in zip(grid.columns, cells, strict=True):
            yield client, column, cell


def test_every_cell_is_as_theory_says(matrix: Matrix) -> None:
    seen = observed(matrix)
    titles = {title for title, _, _ in seen}
    clients = {client for _, client, _ in seen}
    decided = {
        name: said
        for name, said in theory().items()
        if said != _UNDECIDED and name[0] in titles and name[1] in clients
    }
    differ = {name: (said, seen.get(name)) for name, said in decided.items() if seen.get(name) != said}
    assert differ == {}
    assert len(decided) >= 30, "the tables were found"


def test_theory_speaks_of_every_cell(matrix: Matrix) -> None:
    silent = observed(matrix).items() - theory().items()
    unknown = {name for name, said in silent if said != NOT_RUN and name not in theory()}
    assert unknown == set()


def test_every_cell_is_sound_and_was_run(matrix: Matrix) -> None:
    assert [(str(one.cell), one.reason) for one in matrix.cells if one.reason] == []
    assert (matrix.not_run, matrix.interrupted) == (0, False)


def test_clients_miss_what_was_dropped(matrix: Matrix) -> None:
    """Whoever recovered has read past every gap: it misses exactly what the server says it dropped."""
    losses = {
        str(one.cell): one.outcome.loss for one in matrix.cells if one.recovered and one.outcome is not None
    }
    lost = {name: loss for name, loss in losses.items() if loss.dropped_messages}
    assert lost or {one.policy for one in matrix.cells} == {"unbounded"}, "that drops nothing"
    assert [name for name, loss in lost.items() if not loss.confirmed] == []


def test_the_pace_that_a_guard_is_tried_at(matrix: Matrix) -> None:
    """At a flood both kernels are full within the stall's first second; at a trickle they never are."""
    for one in matrix.cells:
        if one.client == "stop-reading" and one.outcome and one.guards == "none":
            assert one.outcome.memory.kernels_full == (one.rate.value == "flood"), str(one.cell)
