"""Uses the siblings of a stalled connection (the others of its port) as its witness: what they are sent.

This rests on one assumption, which is stated wherever the figure is shown: that all connections of a port
are due the same bytes (a broadcast). The spread of the siblings is the error. Without instrumenting the
server no more can be known: the messages for a stalled client may have been kept, dropped, or never made.
"""

from collections.abc import Sequence
from statistics import median, quantiles

from ..timeline.watched import Siblings

_COMPARED_MIN = 0.5
_NOTHING_SHARE = 0.1


def siblings_of(port: int, rates: Sequence[float]) -> Siblings | None:
    """The rates of the connections that keep up, with quartiles; None if there are none."""
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


def fits(slope: float | None, due_rates: Sequence[float]) -> str:
    """How the growth of the server's memory compares with what the stalled clients are due, per second.

    ``kept``: the memory grows as if all of that were kept, with a copy for each client, with one copy for
    all of them (a message of a broadcast waits in several queues), or between the two. ``not-kept``: the
    memory does not grow, so the messages were dropped or never made. ``neither``: anything else. Empty if
    there is nothing to compare.
    """
    once, each = max(due_rates, default=0.0), sum(due_rates)
    if slope is None or once <= 0:
        return ""
    if abs(slope) < _NOTHING_SHARE * once:
        return "not-kept"
    return "kept" if _COMPARED_MIN * once <= slope <= each / _COMPARED_MIN else "neither"
