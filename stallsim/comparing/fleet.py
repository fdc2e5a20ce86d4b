"""What is compared of a fleet: each size, and what one client costs.

Costs and delays are measured on two occasions, and of another machine's load nobody knows: a size is worse
where its standing is, and the cost where the middle halves of the slopes are apart.
"""

from ..fleet.result import Cost, FleetResult
from ..timeline.fleet import FleetStep
from ..timeline.fleet_pings import slow_ping
from ..timeline.probed.outcomes import Assessment
from ..units import format_count, format_seconds, format_size
from .assessed import AssessedRow, Side

_COLUMNS = ("held", "memory", "machine's TCP", "Pings")
_COST_COLUMNS = ("each", "from", "to")


def side_of_fleet(result: FleetResult) -> Side:
    """A row for each size that was reached, and one for what a client costs."""
    rows = {f"{format_count(one.clients)} clients": _size(one, result) for one in result.steps}
    costs = {
        "memory each": result.memory,
        "kernel, server's end": result.kernel.server,
        "kernel, client's end": result.kernel.client,
        "machine's TCP each": result.tcp_memory,
    }
    for name, cost in costs.items():
        if cost is not None:
            rows[name] = _cost(cost)
    return Side("fleet", rows)


def _size(step: FleetStep, result: FleetResult) -> AssessedRow:
    """Defended: the witnesses were seen to keep their bounds, and hardly anybody was not opened."""
    seen = step.witnessed
    harmed = bool(step.suffering) or step.tally.unopened_count > step.tally.parked / 100
    known = step.open and result.witnesses_tell and not result.unstalled
    standing = Assessment.FAULT if harmed else Assessment.DEFENDED if known else Assessment.OPEN
    slow = slow_ping(seen)
    words = (
        step.suffering or f"{format_count(step.open)} open",
        "?" if step.rss_bytes is None else format_size(step.rss_bytes),
        "?" if step.tcp_memory_bytes is None else format_size(step.tcp_memory_bytes),
        f"{format_seconds(max(slow.seconds, 1e-6))} ({slow.name})",
    )
    return AssessedRow(standing, words, _COLUMNS)


def _cost(cost: Cost) -> AssessedRow:
    words = tuple(format_size(max(0.0, size)) for size in (cost.each, cost.low, cost.high))
    return AssessedRow(Assessment.OPEN, words, _COST_COLUMNS, span=(cost.low, cost.high))
