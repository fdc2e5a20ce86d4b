"""Parked clients that sleep and wake: each by its own clock, and a descriptor's next owner by its own."""

from stallsim.fleet.parked._base import Parked
from stallsim.fleet.turns import Turns


class Flapping(Parked):
    """Three seconds asleep, one awake."""

    asleep_s = 3.0
    awake_s = 1.0


def test_each_sleeps_and_wakes_by_its_own_clock() -> None:
    turns = Turns()
    turns.add(7, Flapping, now_s=0.0)
    turns.add(8, Flapping, now_s=1.0)
    assert list(turns.due(2.9)) == []
    assert list(turns.due(3.0)) == [(7, False)]
    assert list(turns.due(4.0)) == [(7, True), (8, False)]
    assert list(turns.due(5.0)) == [(8, True)]
    assert list(turns.due(7.0)) == [(7, False)]


def test_turns_that_are_overdue_all_come() -> None:
    turns = Turns()
    turns.add(7, Flapping, now_s=0.0)
    assert list(turns.due(8.0)) == [(7, False), (7, True), (7, False), (7, True)]


def test_a_descriptor_that_is_used_again_has_the_turns_of_its_new_owner_alone() -> None:
    turns = Turns()
    turns.add(7, Flapping, now_s=0.0)
    turns.forget(7)
    turns.add(7, Flapping, now_s=2.0)
    assert list(turns.due(4.9)) == []
    assert list(turns.due(5.0)) == [(7, False)]


def test_who_has_ended_has_no_turn_any_more() -> None:
    turns = Turns()
    turns.add(7, Flapping, now_s=0.0)
    turns.forget(7)
    assert list(turns.due(100.0)) == []
