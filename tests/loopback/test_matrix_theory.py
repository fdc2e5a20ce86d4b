"""Every cell of the matrix that theory decides is compared with the tables of docs/matrix.md."""

from collections.abc import Iterator

import pytest

from stallsim.clients import CLIENTS
from stallsim.matrix import guard_sets
from stallsim.matrix.grid import Grid, grids, word
from stallsim.matrix.make import make_matrix
from stallsim.matrix.plan import choose
from stallsim.matrix.report import CellReport, Matrix
from stallsim.server.policies import POLICIES
from tests.pure.theory import PAGE, Place, theory

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.slow,
    pytest.mark.realtime,
    pytest.mark.xdist_group("matrix"),  # they share one matrix
]
_UNDECIDED = "?"
BY_DAY = ("well-behaved", "stop-reading", "sleeping-tab", "slow-reader", "half-open", "vanishing")
"""One of each: reads, holds everything up, wakes, falls behind, is gone with its host, is gone in haste."""


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


def observed(matrix: Matrix) -> dict[Place, str]:
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
    differ = [
        f"{title}, {client}, {column}: {PAGE} says {said}, seen was {seen.get((title, client, column))}"
        for (title, client, column), said in decided.items()
        if seen.get((title, client, column)) != said
    ]
    assert differ == []
    assert len(decided) >= 30, "the tables were found"


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
