"""Computes a growth rate as the slope of few enough readings that it takes only a moment."""

from collections.abc import Sequence

from ...theil_sen import theil_sen

_POINTS_MAX = 80
POINTS_MIN = 5


def slope(readings: Sequence[tuple[float, float]]) -> float | None:
    """The slope of (x, y) readings; None if there are too few, or if all have the same x."""
    if len(readings) < POINTS_MIN:
        return None
    step = max(1, -(-len(readings) // _POINTS_MAX))
    return theil_sen(readings[::step])
