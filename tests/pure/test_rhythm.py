"""A stream's rhythm and rate, look by look."""

from collections.abc import Callable

import pytest

from stallsim.probing.observe.rhythm import Arrivals

LOOK_S = 0.02


def arrivals(seconds: float, given: Callable[[int], int]) -> Arrivals:
    """``given``: the bytes of the message that has come at that look; 0: none has."""
    seen = Arrivals()
    for step in range(1, round(seconds / LOOK_S) + 1):
        size = given(step)
        seen.look(step * LOOK_S, size, int(size > 0))
    return seen


@pytest.mark.parametrize("first", [6_000, 40_000_000])
def test_what_is_sent_on_joining_is_no_part_of_the_rate(first: int) -> None:
    """One message a second, the first of them a snapshot."""
    seen = arrivals(4.5, lambda step: 0 if step % 50 else first if step == 50 else 6_000)
    assert seen.bytes_per_s() == pytest.approx(6_000, rel=0.05)
    assert seen.rhythm().every_s == pytest.approx(1.0)


def test_bursts_of_unlike_sizes_are_all_counted() -> None:
    seen = arrivals(4.5, lambda step: 0 if step % 50 else 12_000 if step % 100 else 6_000)
    assert seen.bytes_per_s() == pytest.approx(10_000, rel=0.05)


def test_a_steady_stream_is_counted_over_all_its_time() -> None:
    seen = arrivals(0.6, lambda _: 2_000)
    assert seen.bytes_per_s() == pytest.approx(100_000, rel=0.01)
    assert not seen.rhythm().every_s


def test_late_looks_make_no_bursts() -> None:
    """On a busy machine a look comes each quarter of a second, and each finds some of a steady stream."""
    seen = Arrivals()
    for step in range(1, 9):
        seen.look(step * 0.25, 500_000, 100)
    assert seen.bytes_per_s() == pytest.approx(2_000_000)
    assert (seen.rhythm().every_s, seen.rhythm().messages) == (0.0, 400)


def test_a_message_that_is_read_later_than_its_bytes_came_begins_no_burst() -> None:
    """4 MB each 2 s, of which this program has read the last a moment later."""
    seen = Arrivals()
    for step in range(1, 301):
        given = {1: 4_000_000, 60: 4}.get(step % 100, 0)  # the latter is a Pong
        seen.look(step * LOOK_S, given, int(step % 100 == 20))
    assert seen.bytes_per_s() == pytest.approx(2_000_000, rel=0.01)
    assert seen.rhythm().every_s == pytest.approx(2.0)
