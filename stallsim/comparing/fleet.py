"""The rows of a fleet: each size, and the costs of one client.

Costs and delays are measured on two occasions, with an unknown load of the machine. So a size is worse only
if its standing is, and a cost only if the middle halves of the slopes do not overlap. The TCP memory of the
whole machine is no row, since other programs change it.
"""

from ..fleet.result import Cost, FleetResult
from ..timeline.fleet.pings import slow_ping
from ..timeline.fleet.steps import FleetStep
from ..timeline.probed.outcomes import Assessment
from ..units import format_count, format_seconds, format_size
from .assessed import AssessedRow, Side

_COLUMNS = ("held", "memory", "machine's TCP", "Pings")
_COST_COLUMNS = ("each",)
_NOT_KNOWN = "not known"
_UNSTALLED = "no client was stalled"
_MUTE = "the witnesses received no data and too few Pongs"
_FEW = "a cost needs three sizes at which it can be read"


def side_of_fleet(result: FleetResult) -> Side:
    """A row for each size that was reached, and one for each cost of a client."""
    rows = {f"{format_count(one.clients)} clients": _size(one, result) for one in result.steps}
    nobody = result.none_open or (_UNSTALLED if result.unstalled else "")
    rows["memory each"] = _cost(result.memory, nobody or result.memory_unread)
    rows["kernel, server's end"] = _cost(result.kernel.server, nobody)
    rows["kernel, client's end"] = _cost(result.kernel.client, nobody)
    return Side("fleet", rows)


def _size(step: FleetStep, result: FleetResult) -> AssessedRow:
    """The row of one size. Defended: the witnesses kept their bounds, and nearly all clients were
    opened.
    """
    seen = step.witnessed
    harmed = bool(step.suffering) or step.tally.unopened_count > step.tally.parked / 100
    unknown = "" if harmed else _unknown(step, result)
    standing = Assessment.FAULT if harmed else Assessment.OPEN if unknown else Assessment.DEFENDED
    slow = slow_ping(seen)
    words = (
        step.suffering or f"{format_count(step.open)} open",
        _NOT_KNOWN if step.rss_bytes is None else format_size(step.rss_bytes),
        _NOT_KNOWN if step.tcp_memory_bytes is None else format_size(step.tcp_memory_bytes),
        f"{format_seconds(slow.seconds)} ({slow.name})" if slow.seconds else _NOT_KNOWN,
    )
    return AssessedRow(standing, words, _COLUMNS, unknown=unknown)


def _unknown(step: FleetStep, result: FleetResult) -> str:
    """The reason why the effect of the stalled clients on the witnesses is not known; empty: it is
    known.
    """
    if not step.open:
        return result.none_open or "no client was open at the end of the look"
    if not result.witnesses_tell:
        return _MUTE
    return _UNSTALLED if result.unstalled else step.unjudged


def _cost(cost: Cost | None, nobody: str) -> AssessedRow:
    if cost is None or nobody:
        return AssessedRow(Assessment.OPEN, (_NOT_KNOWN,), _COST_COLUMNS, unknown=nobody or _FEW)
    each, low, high = (format_size(max(0.0, size)) for size in (cost.each, cost.low, cost.high))
    words = (f"{each} ({low} to {high})",)
    return AssessedRow(Assessment.OPEN, words, _COST_COLUMNS, span=(cost.low, cost.high))
