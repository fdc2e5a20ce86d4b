"""A slope that a single outlier does not change: the median of the slopes between all
pairs (Theil, Sen).
"""

from collections.abc import Sequence
from statistics import median


def theil_sen(readings: Sequence[tuple[float, float]]) -> float | None:
    """The Theil-Sen slope of (x, y) readings; None if all have one x. It compares all pairs: n squared."""
    found = slopes(readings)
    return median(found) if found else None


def slopes(readings: Sequence[tuple[float, float]]) -> list[float]:
    """The slopes of all pairs of (x, y) readings that differ in x."""
    return [
        (later_y - y) / (later_x - x)
        for index, (x, y) in enumerate(readings)
        for later_x, later_y in readings[index + 1 :]
        if later_x != x
    ]
