"""How fast something grew: a slope of so few readings that it is computed in a moment."""

from collections.abc import Sequence

from ...theil_sen import theil_sen

_POINTS_MAX = 80
POINTS_MIN = 5


def slope(readings: Sequence[tuple[float, float]]) -> float | None:
    """The slope of (x, y) readings; None where there are too few of them, or where all have one x."""
    if len(readings) < POINTS_MIN:
        return None
    step = max(1, -(-len(readings) // _POINTS_MAX))
    return theil_sen(readings[::step])
