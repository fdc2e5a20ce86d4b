"""Computes whether a run with a repeating load uses more from cycle to cycle, and what is left at its end.

Growth is the Theil-Sen slope (the median of the slopes between all pairs) of the troughs: the lowest
reading of each whole cycle, since resources still in use at the lowest load have been kept. The first
fifth of the cycles, at least one, is left out, since caches, arenas and this program's timeline fill then.
"""

from collections.abc import Sequence

from ..profile.expectation import OVER_BASELINE, PER_CYCLE, Metric
from ..theil_sen import theil_sen
from ..timeline.timeline import Timeline

CYCLES_MIN = 4
"""The least cycles after the warm-up. With fewer, one unusual cycle could decide the slope."""
_WARM_UP = 5


def per_cycle(troughs: Sequence[int], cycles_each: int = 1) -> float | None:
    """Growth per cycle; None if there are too few cycles. Each trough covers ``cycles_each`` cycles."""
    measured = troughs[max(1, -(-len(troughs) // _WARM_UP)) :]
    if len(measured) < CYCLES_MIN:
        return None
    slope = theil_sen(list(enumerate(measured)))
    return None if slope is None else slope / cycles_each


def of_the_run(which: Metric, timeline: Timeline) -> tuple[float | None, str]:
    """A metric of the whole run; or None, and the reason why it is not known."""
    usage, name = timeline.usage, which.value.replace("-", "_")
    if which in PER_CYCLE:
        troughs = usage.whole(name.removesuffix("_per_cycle"))
        slope = per_cycle(troughs, usage.cycles_each)
        return slope, f"{len(troughs)} whole cycles are too few, at least {CYCLES_MIN + 1} are needed"
    if which in OVER_BASELINE:
        field = name.removesuffix("_over_baseline")
        if usage.baseline is None or usage.last is None:
            return None, "no resources were read before the first client announced a stall"
        over: int = getattr(usage.last, field) - getattr(usage.baseline, field)
        return over, ""
    return usage.queue_bytes_max, ""
