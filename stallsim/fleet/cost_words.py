"""What one more client costs, in words; a cost that was not measured is none."""

from ..units import format_seconds, format_size
from .result import Cost, FleetResult, HeldCost

_GROWN_MIN_SHARE = 0.1
"""Of the cost: less in one look is not worth a word."""
_STEPS_MIN = 2
"""With the baseline, so many have slopes enough."""


def memory_cost_words(result: FleetResult) -> str:
    """Of the server's processes."""
    cost = result.memory
    if cost is not None and cost.high <= 0:
        words = "the server's memory did not grow with the clients"
    elif cost is not None and cost.low <= 0:
        high = format_size(cost.high)
        words = f"at most ~{high} of the server for each parked client, it moved by more for other reasons"
    else:
        words = cost_words(cost, "of the server for each parked client")
    return words + (_held_words(result.memory_held) or _grown_words(result))


def kernel_cost_words(result: FleetResult) -> str:
    """Of the machine's TCP memory, which other programs use as well."""
    known = [one for one in result.steps if one.tcp_memory_bytes is not None]
    if result.kernel is None and len(known) >= _STEPS_MIN:
        return "not known: other traffic on this machine moved its TCP memory by more"
    words = cost_words(result.kernel, "of TCP memory for each, both ends where both are here")
    return words + _held_words(result.kernel_held)


def cost_words(cost: Cost | None, of: str) -> str:
    """What one more client costs while the fleet grows."""
    if cost is None:
        return "not known: it takes three sizes that can be read"
    low, high = format_size(cost.low), format_size(cost.high)
    return f"~{format_size(cost.each)} {of} (the middle half of the slopes: {low} to {high})"


def _grown_words(result: FleetResult) -> str:
    """Of a fleet that was not held: its memory may grow though nobody opens, which no slope shows apart."""
    last = next(reversed(result.steps), None)
    if last is None or result.memory is None or result.held is not None or not last.open:
        return ""
    if last.rss_bytes is None or last.rss_before_bytes is None:
        return ""
    added = (last.rss_bytes - last.rss_before_bytes) / last.open
    if added <= _GROWN_MIN_SHARE * abs(result.memory.each):
        return ""
    more = format_size(added / last.witnessed.seconds)
    return f"; at the last size each added {more} a second, so held for longer it costs more (`hold=`)"


def _held_words(after: HeldCost | None) -> str:
    if after is None:
        return ""
    time = format_seconds(after.after_s)
    if after.each_second <= 0:
        return f"; it did not grow in {time} of holding"
    each, more = format_size(after.each), format_size(after.each_second)
    return f"; after {time} of holding ~{each} each: each adds {more} a second"
