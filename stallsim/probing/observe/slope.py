"""A slope that one odd reading does not move: the median of the slopes between all pairs (Theil-Sen)."""

from collections.abc import Sequence
from statistics import median

_POINTS_MAX = 80
POINTS_MIN = 5


def slope(readings: Sequence[tuple[float, float]]) -> float | None:
    """Of (x, y) readings; None where there are too few of them, or all at one x.

    Not scipy's, whose import takes as long as a whole stall.
    """
    step = max(1, -(-len(readings) // _POINTS_MAX))
    points = readings[::step]
    if len(readings) < POINTS_MIN:
        return None
    slopes = [
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for index, earlier in enumerate(points)
        for later in points[index + 1 :]
        if later[0] != earlier[0]
    ]
    return median(slopes) if slopes else None
