"""A slope that one odd reading does not move: the median of the slopes between all pairs (Theil, Sen)."""

from collections.abc import Sequence
from statistics import median


def theil_sen(readings: Sequence[tuple[float, float]]) -> float | None:
    """Of (x, y) readings; None where all are at one x. It compares each with each: n squared."""
    found = slopes(readings)
    return median(found) if found else None


def slopes(readings: Sequence[tuple[float, float]]) -> list[float]:
    """Of every pair of (x, y) readings that are not at one x."""
    return [
        (later_y - y) / (later_x - x)
        for index, (x, y) in enumerate(readings)
        for later_x, later_y in readings[index + 1 :]
        if later_x != x
    ]
