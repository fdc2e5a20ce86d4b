"""Runs a plan: the lockstep cells first, on all cores, then the realtime cells, which mostly wait."""

from collections.abc import Callable

from ..interruption import run_until_signal
from .cell import Cell
from .plan import CORES, REALTIME_AT_ONCE, Plan
from .pool import run_pool
from .report import Matrix, make_report
from .run import CellRun


def make_matrix(
    plan: Plan, on_result: Callable[[CellRun], None], expect: Callable[[float, float], None]
) -> Matrix:
    """Run the plan. A signal ends it cleanly, and the results so far are kept.

    ``on_result`` is called with each result. ``expect`` is called after the first lockstep cell, with the
    expected seconds for the whole plan and the seconds that this cell took.
    """
    results: dict[Cell, CellRun] = {}

    def done(result: CellRun) -> None:
        results[result.cell] = result
        on_result(result)

    async def work() -> None:
        await run_pool(plan.lockstep[:1], 1, done)
        lockstep_s = max((result.cost_s for result in results.values()), default=0.0)
        expect(plan.expected_s(lockstep_s), lockstep_s)
        await run_pool(plan.lockstep[1:], CORES, done)
        await run_pool(plan.realtime, REALTIME_AT_ONCE, done)

    interrupted = run_until_signal(work)
    return make_report(plan.cells, results, interrupted=interrupted)
