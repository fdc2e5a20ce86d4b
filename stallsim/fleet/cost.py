"""What one more client costs: the slope of a size over the clients, which one odd step cannot move."""

from collections.abc import Sequence
from statistics import median, quantiles

from ..theil_sen import slopes
from .result import Cost

_SLOPES_MIN = 2


def cost(readings: Sequence[tuple[int, int | None]]) -> Cost | None:
    """Of (clients, bytes) at several steps: the median slope between all pairs, and their middle half.

    None where fewer than three steps have a size.
    """
    known = [(clients, size) for clients, size in readings if size is not None]
    found = slopes(known)
    if len(found) <= _SLOPES_MIN:
        return None
    low, _, high = quantiles(found, n=4, method="inclusive")
    return Cost(each=round(median(found), 1), low=round(low, 1), high=round(high, 1))
