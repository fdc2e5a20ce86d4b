"""When clients come and go: drawn from the seed, in order, never too many at a time."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.clients import NEVER
from stallsim.clients.sleeping_tab import SleepingTab
from stallsim.clients.stop_reading import StopReading
from stallsim.profile.scenario import ClientGroup, Scenario, Stream
from stallsim.profile.spec import Duration
from stallsim.runner.population import Population
from stallsim.runner.resolve import Participants
from stallsim.server.defence import Defence
from stallsim.server.policies.unbounded import Unbounded

from .builders import scenario

TICKS = 400
VISITORS = ClientGroup(
    name="visitors", kind="sleeping-tab", count=3,
    arrival=Duration(mean=0.1), life=Duration(min=0.2, max=0.6),
    draw={"sleep-tick": Duration(min=0.05, max=0.1)},
)  # fmt: skip
ALWAYS = ClientGroup(name="always", kind="stop-reading", count=2)


def play(seed: int = 0, *groups: ClientGroup, calm: float = 0.0) -> list[tuple[int, str, int, int | None]]:
    """Everybody who comes, with the tick, when he leaves, and the tick at which he sleeps."""
    specs = {"sleeping-tab": SleepingTab(), "stop-reading": StopReading()}
    groups = groups or (ALWAYS, VISITORS)
    stream = Stream(interval=0.005)
    of: Scenario = replace(
        scenario(), seed=seed, ticks=TICKS, calm=calm, stream=stream, clients=list(groups)
    )
    population = Population(
        Participants(Defence(Unbounded()), [(one, specs[one.kind]) for one in groups]), of
    )
    came, leaving = [], Counter[tuple[int, str]]()
    for tick in range(TICKS):
        for name in [name for (when, name), _ in leaving.items() if when == tick]:
            for _ in range(leaving.pop((tick, name))):
                population.gone(name)
        for arrival in population.arriving(tick):
            leaving[arrival.leave_tick, arrival.group.name] += 1
            sleeps = arrival.client.sleep_tick if isinstance(arrival.client, SleepingTab) else None
            came.append((tick, arrival.group.name, arrival.leave_tick, sleeps))
    assert population.complete is (VISITORS not in groups or calm > 0)
    return came


def test_who_has_no_schedule_is_there_from_the_start_to_the_end() -> None:
    assert play(0, ALWAYS) == [(0, "always", NEVER, None)] * 2


def test_the_same_seed_the_same_schedule() -> None:
    assert play(1) == play(1)
    assert play(1) != play(2)


def test_lives_and_options_are_within_their_bounds() -> None:
    visitors = [one for one in play() if one[1] == "visitors"]
    assert len(visitors) > 5
    assert all(40 <= leave - tick <= 120 for tick, _, leave, _ in visitors if leave < TICKS)
    assert all(sleeps is not None and 10 <= sleeps <= 20 for *_, sleeps in visitors)
    assert len({sleeps for *_, sleeps in visitors}) > 3


@given(st.integers(0, 2**32 - 1))
def test_there_are_never_more_than_the_group_may_have(seed: int) -> None:
    visitors = play(seed, VISITORS)
    for tick, *_ in visitors:
        assert sum(came <= tick < leave for came, _, leave, _ in visitors) <= 3


def test_in_the_calm_nobody_arrives_and_whoever_arrived_has_left() -> None:
    calm_ticks = 100
    came = play(0, ALWAYS, VISITORS, calm=calm_ticks * 0.005)
    visitors = [one for one in came if one[1] == "visitors"]
    assert {leave for _, name, leave, _ in came if name == "always"} == {NEVER}
    assert max(tick for tick, *_ in visitors) < TICKS - calm_ticks
    assert max(leave for _, _, leave, _ in visitors) == TICKS - calm_ticks


@given(
    st.one_of(st.none(), st.floats(1e-3, 1e3)), st.floats(0, 10), st.floats(10, 1e4), st.integers(0, 2**32)
)
def test_a_duration_is_within_its_bounds(mean: float | None, low: float, high: float, seed: int) -> None:
    drawn = Duration(mean=mean, min=low, max=high).draw(Random(seed))
    assert low <= drawn <= high
