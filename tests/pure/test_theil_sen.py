"""The slope is compared with scipy.stats.theilslopes (1.17.1); one outlier does not change it."""

from hypothesis import given
from hypothesis import strategies as st

from stallsim.theil_sen import theil_sen

KNOWN = (
    ([1.0, 2.0, 4.0, 8.0], 2.166666666666667),
    ([5.0, 3.0, 4.0, 1.0, 9.0, 2.0], -0.5),
    ([0.5, 0.25, 10.0, -3.0, 2.0], 0.0625),
)
"""Readings at 0, 1, 2... and their slope."""


def test_values_that_are_known() -> None:
    for readings, slope in KNOWN:
        assert theil_sen(list(enumerate(readings))) == slope


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(3, 20), st.floats(-1e6, 1e6))
def test_one_odd_reading_moves_a_line_by_nothing(rise: int, start: int, count: int, odd: float) -> None:
    readings = [(float(x), float(start + rise * x)) for x in range(2 * count)]
    readings[count] = (float(count), odd)
    assert theil_sen(readings) == rise


def test_there_is_no_slope_without_a_distance() -> None:
    assert theil_sen([]) is theil_sen([(1.0, 2.0)]) is theil_sen([(1.0, 2.0), (1.0, 3.0)]) is None
