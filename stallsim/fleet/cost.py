"""What one more client costs: the slope of a size over the clients, which one odd step cannot move."""

from collections.abc import Sequence
from statistics import median, quantiles

from ..theil_sen import slopes
from ..timeline.fleet.steps import FleetStep
from .result import Cost, HeldCost

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


def cost_after_hold(
    held: FleetStep, sizes: tuple[int | None, int | None, int | None], grown: Cost | None
) -> HeldCost | None:
    """What one client costs after the hold: as while the fleet grew, and what each has added since.

    ``sizes`` are bytes before the first client, before the hold and after it. Where the cost of growing is
    not known, all that was added since the first client is divided by the clients.
    """
    first, before, after = sizes
    clients, seconds = held.open, held.witnessed.seconds
    if first is None or before is None or after is None or not clients or seconds <= 0:
        return None
    added = (after - before) / clients
    each = grown.each + added if grown is not None else (after - first) / clients
    return HeldCost(each=round(each, 1), after_s=seconds, each_second=round(added / seconds, 1))
