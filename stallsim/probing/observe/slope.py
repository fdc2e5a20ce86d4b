"""How fast something grew, of no more readings than are compared with each other in a moment."""

from collections.abc import Sequence

from ...theil_sen import theil_sen

_POINTS_MAX = 80
POINTS_MIN = 5


def slope(readings: Sequence[tuple[float, float]]) -> float | None:
    """Of (x, y) readings; None where there are too few of them, or all at one x."""
    if len(readings) < POINTS_MIN:
        return None
    step = max(1, -(-len(readings) // _POINTS_MAX))
    return theil_sen(readings[::step])
