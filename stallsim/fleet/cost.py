"""What one more client costs: the slope of a size over the clients, which one odd step cannot move."""

from collections.abc import Sequence
from statistics import median, quantiles

from .result import Cost

_SLOPES_MIN = 2


def cost(readings: Sequence[tuple[int, int | None]]) -> Cost | None:
    """Of (clients, bytes) at several steps: the median slope between all pairs, and their middle half.

    None where fewer than three steps have a size.
    """
    known = [(clients, size) for clients, size in readings if size is not None]
    slopes = [
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for place, earlier in enumerate(known)
        for later in known[place + 1 :]
        if later[0] != earlier[0]
    ]
    if len(slopes) <= _SLOPES_MIN:
        return None
    low, _, high = quantiles(slopes, n=4, method="inclusive")
    return Cost(each=round(median(slopes), 1), low=round(low, 1), high=round(high, 1))
