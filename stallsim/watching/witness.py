"""The siblings of a stalled connection as its witness: what the others of its port are sent meanwhile.

It rests on one assumption, which is said wherever the figure is: that all connections of a port are due the
same (a broadcast). The spread of the siblings is its error. Without instrumenting the server nothing more
can be known: what a stalled client was due may be kept for it, have been dropped, or never have been made.
"""

from collections.abc import Sequence
from statistics import median, quantiles

from ..timeline.watched import Siblings

_COMPARED_MIN = 0.5
_NOTHING_SHARE = 0.1


def siblings_of(port: int, rates: Sequence[float]) -> Siblings | None:
    """The mean of the connections that keep up; None where there are none."""
    if not rates:
        return None
    low, _, high = quantiles(rates, n=4, method="inclusive") if len(rates) > 1 else (rates[0],) * 3
    return Siblings(
        port=port,
        count=len(rates),
        median_rate=round(median(rates), 1),
        low_rate=round(low, 1),
        high_rate=round(high, 1),
    )


def fits(slope: float | None, due_rate: float) -> str:
    """What the growth of the server's memory says, beside what the stalled ones are due a second.

    ``kept``: it grows as if all of it were kept. ``not-kept``: it does not grow: dropped, or never made.
    ``neither``: anything else. Empty where there is nothing to compare.
    """
    if slope is None or due_rate <= 0:
        return ""
    if abs(slope) < _NOTHING_SHARE * due_rate:
        return "not-kept"
    return "kept" if _COMPARED_MIN <= slope / due_rate <= 1 / _COMPARED_MIN else "neither"
