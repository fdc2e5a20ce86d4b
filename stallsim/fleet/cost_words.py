"""What one more client costs, in words; a cost that was not measured is none."""

from ..units import format_seconds, format_size
from .result import Cost, FleetResult, HeldCost

_TOO_FEW = "a cost needs three sizes that can be read"
_UNSEEN = "the server's end is not seen from here"
_CLIENT_UNSEEN = "the client's end is not seen from here"
_GROWN_MIN_SHARE = 0.1
"""Of the cost: less in one look is not worth a word."""
_STEPS_MIN = 2
"""With the baseline, so many have slopes enough."""


def memory_cost_words(result: FleetResult) -> str:
    """Of the server's processes; where they cannot be read, why, and what would help."""
    if result.memory_unread:
        return f"not known, and neither is the server's CPU time: {result.memory_unread}"
    if result.none_open:
        return f"not known: {result.none_open}"
    cost = result.memory
    if cost is not None and cost.high <= 0:
        words = "the server's memory did not grow with the clients"
    elif cost is not None and cost.low <= 0:
        high = format_size(cost.high)
        words = f"at most ~{high} for each client; the memory changed by more for other reasons"
    else:
        words = cost_words(cost, "of the server's memory for each client")
    return words + (_held_words(result.memory_held) or _grown_words(result))


def kernel_cost_words(result: FleetResult) -> str:
    """Of the fleet's own sockets, as the kernel has charged them; the machine's TCP memory is beside it."""
    kernel = result.kernel
    ends = [
        ("the server's end", kernel.server, kernel.server_held),
        ("the client's end", kernel.client, kernel.client_held),
    ]
    known = [cost for _, cost, _ in ends if cost is not None]
    if not known:
        last = next(reversed(result.steps), None)
        unread = last is not None and last.kernel_memory is None
        why = "this kernel does not allow reading it (sock_diag(7))" if unread else _TOO_FEW
        return f"not known: {why}; {_machine_words(result)}"
    both = "" if len(known) > 1 else f"; {_UNSEEN if kernel.server is None else _CLIENT_UNSEEN}"
    total = format_size(max(0.0, sum(one.each for one in known)))
    parts = ", ".join(_end_words(*end) for end in ends if end[1] is not None)
    return f"~{total} for each client, by sock_diag: {parts}{both}; {_machine_words(result)}"


def _end_words(end: str, cost: Cost | None, held: HeldCost | None) -> str:
    assert cost is not None, "only of an end that was seen"
    each, low, high = (format_size(max(0.0, size)) for size in (cost.each, cost.low, cost.high))
    after = _held_words(held) if held is not None and held.each_second > 0 else ""
    return f"{each} at {end} ({low} to {high}){after.replace(';', ' and', 1)}"


def _machine_words(result: FleetResult) -> str:
    """The cross-check: TCP memory of the whole machine, which other programs use as well."""
    if result.tcp_memory is not None:
        each = format_size(result.tcp_memory.each)
        return f"the TCP memory of the whole machine grew by ~{each} for each client"
    known = [one for one in result.steps if one.tcp_memory_bytes is not None]
    if len(known) >= _STEPS_MIN:
        return "other traffic changed the TCP memory of the whole machine by more"
    return "no slope of the whole machine's TCP memory is known"


def cost_words(cost: Cost | None, of: str) -> str:
    """What one more client costs while the fleet grows."""
    if cost is None:
        return f"not known: {_TOO_FEW}"
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
    return (
        f"; at the last size each client added {more} a second, so a client that is held for longer costs "
        "more (`hold=`)"
    )


def _held_words(after: HeldCost | None) -> str:
    if after is None:
        return ""
    time = format_seconds(after.after_s)
    if after.each_second <= 0:
        return f"; the memory did not grow in {time} of holding"
    each, more = format_size(after.each), format_size(after.each_second)
    return f"; after {time} of holding ~{each} for each client, and each adds {more} a second"
