"""The time of a slow Ping of the witnesses: the p99, or the longest if there are too few Pongs."""

from typing import NamedTuple

from .witnessed import Witnessed

P99_PONGS_MIN = 200
"""The least Pongs for a p99; with fewer, it would be the longest or second longest."""


def known_p99_s(seen: Witnessed | None) -> float | None:
    """The p99 in seconds; None if there are too few Pongs."""
    return seen.p99_s if seen is not None and seen.pongs >= P99_PONGS_MIN else None


class SlowPing(NamedTuple):
    """A time, and the name of the statistic."""

    seconds: float
    name: str


def slow_ping(seen: Witnessed) -> SlowPing:
    """The p99, or the longest of fewer than 200 Pings (including Pings that still wait)."""
    p99_s = known_p99_s(seen)
    if p99_s is not None:
        return SlowPing(p99_s, "p99")
    return SlowPing(seen.worst_s, "the longest")


def late_pings(seen: Witnessed, limit_s: float) -> int:
    """The number of Pings that waited longer than the limit, including those that still wait. A Ping that
    exceeds it by less than a sixteenth is not counted.
    """
    answered, sure_us = seen.waits_us, round(limit_s * 1e6 * 17 / 16) + 1
    waiting = sum(wait_s > limit_s for wait_s in seen.waiting_s)
    return answered.total - answered.below(sure_us) + waiting
