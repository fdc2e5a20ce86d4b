"""Parked clients that read a little: so many bytes in all, or so many a second, and not more."""

from stallsim.fleet.budgets import ReadingBudgets
from stallsim.fleet.parked import PARKED

TAB, SLOW = PARKED.find("sleeping-tab"), PARKED.find("slow-reader")


def test_who_reads_so_many_bytes_in_all_may_read_no_more_after_them() -> None:
    budgets = ReadingBudgets(0.0)
    budgets.add(7, TAB)
    assert budgets.left(7) == TAB.reads_more_bytes
    assert not budgets.spend(7, TAB.reads_more_bytes - 1)
    assert budgets.spend(7, 1)
    assert list(budgets.due(60.0)) == [], "it is given no more"


def test_who_reads_so_many_bytes_a_second_saves_up_those_of_one_second_at_most() -> None:
    budgets, rate = ReadingBudgets(0.0), SLOW.rate_bytes_per_s
    budgets.add(7, SLOW)
    assert list(budgets.due(0.4)) == []
    assert list(budgets.due(0.5)) == [7]
    assert budgets.left(7) == rate // 2
    assert budgets.spend(7, rate // 2)
    assert list(budgets.due(30.0)) == [7]
    assert budgets.left(7) == rate
    budgets.forget(7)
    assert list(budgets.due(60.0)) == []


def test_who_reads_everything_or_nothing_has_no_budget() -> None:
    budgets = ReadingBudgets(0.0)
    for name in ("no-pong", "stop-reading"):
        budgets.add(7, PARKED.find(name))
        assert budgets.left(7) is None
