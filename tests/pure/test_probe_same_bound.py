"""A bound is the server's: what its stalls show together."""

import pytest

from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.rows import row_of
from stallsim.probing.report.together import reports_of
from stallsim.timeline.probed.outcomes import Dropped

from .observations import KERNEL, MB, MESSAGE, comparison, observation, samples


def dropping(stall: str, waited_bytes: int, late: int = 0) -> Observation:
    compared = comparison(
        missing=3000 + late,
        missing_late=late,
        waited=(waited_bytes + KERNEL) // MESSAGE,
        dropped=Dropped.OLDEST,
    )
    return observation(stall, comparison=compared, samples=samples())


@pytest.mark.parametrize(
    ("first", "second", "bounds"),
    [
        (1_000_000, 1_040_000, ("~1.0 MB at the wake", "~1.0 MB at the wake")),
        (20_000, 66_000, ("~20.0 kB at the wake", "~66.0 kB at the wake")),
        (113_000, 537_000, ("between ~113 kB and ~12.0 MB", "between ~537 kB and ~12.0 MB")),
        (800_000, 1_000_000, ("between ~800 kB and ~12.0 MB", "~1.0 MB at the wake")),
    ],
)
def test_amounts_that_differ_are_no_bound(first: int, second: int, bounds: tuple[str, str]) -> None:
    """A queue that is emptied at its limit holds any amount at the wake."""
    reports = reports_of([dropping("stop-reading", first), dropping("sleeping-tab", second)])
    assert tuple(row_of(one).bound for one in reports) == bounds


def test_a_slow_reader_makes_room_in_the_queue_and_says_nothing_of_the_others() -> None:
    reports = reports_of([dropping("stop-reading", MB), dropping("slow-reader", 300_000)])
    assert row_of(reports[0]).bound == "~1.0 MB at the wake"


def test_a_stall_that_held_more_is_named() -> None:
    small, _ = reports_of([dropping("slow-reader", 165_000), dropping("sleeping-tab", 492_000, late=28)])
    assert row_of(small).bound == "between ~165 kB and ~12.0 MB"
    other, _ = reports_of([dropping("stop-reading", 165_000), dropping("sleeping-tab", 492_000, late=28)])
    assert "in sleeping-tab the server held at least 492 kB" in other.evidence[-1]
