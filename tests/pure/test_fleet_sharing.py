"""How a fleet is shared out over workers, and how their clocks are put on one axis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.errors import Unavailable
from stallsim.fleet.distributed.clocks import ClockOffset
from stallsim.fleet.distributed.require import require_dask
from stallsim.fleet.distributed.sharing import level_out
from stallsim.timeline.fleet.clients import HeldCount
from stallsim.timeline.fleet.merge import together
from stallsim.timeline.fleet.reading import Reading

HELD = st.dictionaries(
    st.text(min_size=1, max_size=3), st.integers(min_value=0, max_value=10**6), min_size=1
)


@given(HELD, st.integers(min_value=0, max_value=10**6))
def test_no_client_is_lost_in_sharing_and_all_hold_as_much_alike_as_they_can(
    held: dict[str, int], more: int
) -> None:
    given_to = level_out(held, more)
    assert sum(given_to.values()) == more
    assert min(given_to.values()) >= 0
    after = {name: held[name] + given_to[name] for name in held}
    takers = [after[name] for name in held if given_to[name]]
    assert not takers or max(takers) - min(after.values()) <= 1, "nobody is filled above who has less"


def test_a_worker_that_has_just_joined_is_given_most() -> None:
    assert level_out({"old": 100, "new": 0}, 60) == {"old": 0, "new": 60}
    assert level_out({"old": 100, "new": 0}, 300) == {"old": 100, "new": 200}
    assert level_out({}, 5) == {}


@given(
    st.floats(min_value=-1e6, max_value=1e6),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=100),
)
def test_a_clock_is_off_by_no_more_than_is_told(off_s: float, ways: list[tuple[float, float]]) -> None:
    clock, now_s = ClockOffset(), 1000.0
    for there_s, back_s in ways:
        clock.add(now_s, now_s + there_s + off_s, now_s + there_s + back_s)
        now_s += 1
    assert abs(clock.best.seconds - off_s) <= clock.best.error_s + 1e-9
    assert clock.best.error_s <= min(there + back for there, back in ways[-64:]) / 2 + 1e-9


def test_lost_clients_are_decided_and_add_up() -> None:
    own = Reading(tick=1, tally=HeldCount())
    gone = Reading(tick=2, worker="a", tally=HeldCount(wanted=10, lost=10))
    other = Reading(tick=3, worker="b", tally=HeldCount(wanted=20, parked=20))
    whole = together([own, gone, other]).tally
    assert (whole.wanted, whole.lost, whole.parked, whole.settled) == (30, 10, 20, True)


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stallsim.fleet.distributed.require.find_spec", lambda _: None)
    with pytest.raises(Unavailable, match=r"pip install 'stallsim\[distributed\]'"):
        require_dask()
