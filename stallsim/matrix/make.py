"""From a plan to a matrix: lockstep first, with all cores, then what mostly waits for the clock."""

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
    """Run the plan. A signal ends it cleanly, and what was done until then is kept.

    ``heard`` gets each result as it comes. ``expect`` is told, when one lockstep cell has shown it, how
    long the whole will take and how long such a cell takes, in seconds.
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
