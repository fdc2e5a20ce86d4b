"""Handshakes that wait are seen once for each standstill, and never while somebody is answered."""

from stallsim.fleet.waiting import WAITS_S, WaitingHandshakes
from stallsim.timeline.fleet.clients import HeldCount


def looked(*tallies: tuple[float, int, int]) -> list[float]:
    """At which times it was seen: of times, clients that connect and clients that are open."""
    waiting = WaitingHandshakes()
    seen = (
        (at_s, waiting.look(at_s, HeldCount(connecting=new, parked=done))) for at_s, new, done in tallies
    )
    return [at_s for at_s, found in seen if found is not None]


def test_each_standstill_is_seen_once() -> None:
    steps = [(0.2 * number, 5, 10 if number < 20 else 11) for number in range(40)]
    first, second = looked(*steps)
    assert WAITS_S <= first < WAITS_S + 0.21
    assert 4.0 + WAITS_S <= second < 4.0 + WAITS_S + 0.21


def test_the_time_before_more_were_ordered_is_no_waiting() -> None:
    """Nobody looks while the witnesses are watched."""
    waiting = WaitingHandshakes()
    assert waiting.look(0.0, HeldCount(wanted=10, connecting=5, parked=5)) is None
    assert waiting.look(9.0, HeldCount(wanted=20, connecting=5, parked=5)) is None
    assert waiting.look(9.0 + WAITS_S, HeldCount(wanted=20, connecting=5, parked=5)) == WAITS_S


def test_none_is_seen_where_somebody_is_answered_or_nobody_waits() -> None:
    assert looked(*((0.2 * number, 5, number) for number in range(40))) == []
    assert looked(*((0.2 * number, 0, 10) for number in range(40))) == []
