"""From steps to an answer: when the witnesses suffer, and which wall is the first. Pure."""

from collections.abc import Sequence

from ..units import format_seconds, format_size
from .result import Capacity, Cost, Step, Wall
from .witnesses import Witnessed

_LATER, _LATER_MIN_S = 5.0, 0.05
"""The witnesses' p99 must be so many times the baseline's, and by so much more, for it to count."""
_LESS = 0.7
_GAP_S = 1.0


def suffering(baseline: Witnessed, now: Witnessed) -> str:
    """How the witnesses fare worse than in the baseline; empty where they don't, or our lag may be why."""
    if now.ended:
        return f"{now.ended} of the witnesses' connections have ended"
    if baseline.bytes_per_s and now.bytes_per_s < _LESS * baseline.bytes_per_s and now.own_lag_s < _GAP_S:
        before, after = format_size(baseline.bytes_per_s), format_size(now.bytes_per_s)
        return f"each witness is given {after}/s, where it was {before}/s"
    if baseline.p99_s is None:
        return ""
    worst_s = now.worst_s if now.p99_s is None else now.p99_s
    limit_s = max(_LATER * baseline.p99_s, baseline.p99_s + _LATER_MIN_S) + now.own_lag_s
    if worst_s > limit_s:
        before, after = format_seconds(baseline.p99_s), format_seconds(worst_s)
        return f"a Ping of a witness is answered after {after} (p99), where it was {before}"
    return ""


def capacity(
    steps: Sequence[Step],
    memory: Cost | None,
    kernel: Cost | None,
    *,
    memory_left: int | None,
    tcp_left: int | None,
    descriptors: int | None,
) -> Capacity:
    """The first wall: one that was seen, else the nearest that can be calculated."""
    held = max((one.tally.parked for one in steps if not one.suffering), default=0)
    for one in steps:
        if one.suffering:
            return Capacity(
                wall=Wall.WITNESSES, clients=one.clients, seen=True, held=held, reason=one.suffering
            )
        if sum(one.tally.refused.values()) > one.tally.parked / 100:
            return Capacity(wall=Wall.REFUSED, clients=one.tally.parked, seen=True, held=held)
    parked = steps[-1].tally.parked if steps else 0
    walls = [
        (parked + _more(memory_left, memory), Wall.MEMORY),
        (parked + _more(tcp_left, kernel), Wall.TCP_MEM),
        (float("inf") if descriptors is None else descriptors, Wall.DESCRIPTORS),
    ]
    clients, wall = min(walls, key=lambda one: one[0])
    if clients == float("inf"):
        return Capacity(wall=Wall.NONE, clients=None, seen=False, held=held)
    return Capacity(wall=wall, clients=int(clients), seen=False, held=held)


def _more(left: int | None, each: Cost | None) -> float:
    if left is None or each is None or each.each <= 0:
        return float("inf")
    return left / each.each
