"""How long a slow Ping of the witnesses takes: the p99 where there are enough Pongs for one."""

from typing import NamedTuple

from .fleet import Witnessed

P99_PONGS_MIN = 200
"""Of fewer, the p99 is the longest or the one before it."""


def known_p99_s(seen: Witnessed | None) -> float | None:
    """Where there are enough Pongs for one."""
    return seen.p99_s if seen is not None and seen.pongs >= P99_PONGS_MIN else None


class SlowPing(NamedTuple):
    """A time, and what it is of all."""

    seconds: float
    name: str


def slow_ping(seen: Witnessed) -> SlowPing:
    """The p99, or the longest of fewer than 200 (a Ping that still waits counts as well)."""
    p99_s = known_p99_s(seen)
    if p99_s is not None:
        return SlowPing(p99_s, "p99")
    return SlowPing(seen.worst_s, "the longest")


def late_pings(seen: Witnessed, limit_s: float) -> int:
    """How many waited longer, with those that still wait; one that is within a sixteenth is not counted."""
    answered, sure_us = seen.waits_us, round(limit_s * 1e6 * 17 / 16) + 1
    waiting = sum(wait_s > limit_s for wait_s in seen.waiting_s)
    return answered.total - answered.below(sure_us) + waiting
