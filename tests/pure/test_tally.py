"""A verdict, a result and a ledger do not depend on how much of the timeline is in memory."""

import itertools
from collections.abc import Sequence
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from stallsim.kinds import EventKind, Phase, Stalls
from stallsim.profile.expectation import OF_THE_RUN, Expectation, Metric
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.records import Event, PhaseEvent, Record, RecordingEnd
from stallsim.timeline.sample import Sample
from stallsim.timeline.tally import ENDED, Tally
from stallsim.timeline.thinning import UNLIMITED, MemoryBounds
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.expectations import unmet_by
from stallsim.verdict.result import Result, summarize_run
from stallsim.verdict.verdict import Verdict, judge_run

from .builders import header, info, sample, scenario
from .events import carrying

SMALL = st.integers(0, 3)
CHANGES = st.fixed_dictionaries(
    {
        "settled": st.booleans(),
        "producer_waits": st.sampled_from([False, False, False, True]),
        "snd_wnd_bytes": st.sampled_from([0, 65536]),
        **dict.fromkeys(
            ["queue_bytes", "queue_messages", "dropped_bytes", "notsent_bytes", "read_bytes"], SMALL
        ),
    }
)
HAPPENS = st.one_of(
    st.sampled_from([EventKind.STOPS_READING, EventKind.VANISHES, EventKind.WAKES, EventKind.STALLED]),
    st.sampled_from([EventKind.MEMORY_CEILING, Phase.FLOWING, Phase.DRAINING, Phase.CLOSED, Phase.RESET]),
)
STEPS = st.lists(st.tuples(st.integers(0, 4), CHANGES, st.none() | HAPPENS), max_size=40)
EXPECTED = [
    Expectation(phases=["flowing", "draining"]),
    Expectation(client="two", never=["reset"]),
    Expectation(metric=Metric.READ_BYTES, min=1),
    Expectation(metric=Metric.QUEUE_BYTES_MAX, max=2),
    Expectation(metric=Metric.OUTQ_BYTES_MAX, max=2),
    Expectation(metric=Metric.TOTAL_QUEUE_BYTES_MAX, max=6),
]
EXPECTATIONS = st.lists(st.sampled_from(EXPECTED), max_size=3, unique_by=id)
CLIENTS = ("one", "two", "two", "one", "two")


def records(steps: Sequence[tuple[int, dict[str, Any], EventKind | Phase | None]]) -> list[Record]:
    """One sample a step, of one connection, and what happens with it; nothing after its end."""
    made: list[Record] = [
        info(number, name, stalls=Stalls.MUST if number else Stalls.NEVER)
        for number, name in enumerate(CLIENTS)
    ]
    over: set[int] = set()
    for tick, (connection, changes, happens) in enumerate(steps):
        if connection in over:
            continue
        now = sample(tick, connection=connection, **changes)
        made.append(now)
        match happens:
            case Phase():
                made.append(PhaseEvent(tick=tick, phase=happens, sample=now))
                over |= {connection} if happens in ENDED else set()
            case EventKind.MEMORY_CEILING:
                made.append(Event(tick=tick, what=carrying(happens, queue_bytes=tick)))
            case EventKind():
                made.append(Event(tick=tick, connection=connection, what=carrying(happens)))
    return [*made, RecordingEnd(tick=len(steps), attempts=1, wall_s=0.0)]


def kept(limits: MemoryBounds, expect: list[Expectation], made: Sequence[Record]) -> Timeline:
    timeline = Timeline(limits)
    for record in (header(scenario(*expect, clients=("one", "two"))), *made):
        timeline.append(record)
    return timeline


def judged(timeline: Timeline) -> tuple[Verdict, Result]:
    return judge_run(timeline), summarize_run(timeline, judge_run(timeline))


@given(STEPS, EXPECTATIONS, st.integers(1, 12))
def test_thinned_samples_change_nothing(steps: Any, expect: list[Expectation], most: int) -> None:
    made = records(steps)
    whole, thinned = kept(UNLIMITED, expect, made), kept(UNLIMITED._replace(samples=most), expect, made)
    assert judged(thinned) == judged(whole)
    assert make_ledger(thinned) == make_ledger(whole)
    assert sum(map(len, thinned.samples)) <= max(most, 3 * len(CLIENTS))


GOOD = (EventKind.STOPS_READING, EventKind.STALLED, Phase.FLOWING, Phase.DRAINING, Phase.CLOSED)
ODD_SAMPLES: list[dict[str, Any]] = [
    {},
    {"settled": True},
    {"read_bytes": 0},
    {"producer_waits": True},
    {"notsent_bytes": 1},
    {"outq_bytes": 3},
    {"dropped_bytes": 1},
    {"queue_bytes": 1, "queue_messages": 2},
    {"queue_bytes": 3, "queue_messages": 2},
    {"queue_bytes": 3, "queue_messages": 2, "dropped_bytes": 1},
    {"queue_bytes": 3, "queue_messages": 1},
]
ODD_STORIES: list[tuple[EventKind | Phase, ...]] = [
    GOOD,
    (*GOOD[:-1], Phase.RESET),
    (EventKind.STALLED, *GOOD[2:]),
    (EventKind.STOPS_READING, *GOOD[2:]),
    (EventKind.VANISHES, *GOOD[1:]),
    (*GOOD[:2], Phase.DRAINING, Phase.FLOWING, Phase.CLOSED),
]
VANISHES = ODD_STORIES[4]
STORY = st.tuples(st.sampled_from(ODD_SAMPLES), st.sampled_from(ODD_STORIES))
"""How one connection goes: as all others do, but for something that a verdict may depend on."""


def churn(stories: Sequence[Any]) -> list[Record]:
    """Connections that open and end, one after the other; every second one is of a group that stalls."""
    made: list[Record] = []
    for number, (changes, happens) in enumerate(stories):
        made.append(info(number, CLIENTS[number % 2], stalls=Stalls.MUST if number % 2 else Stalls.NEVER))
        for tick, what in enumerate(happens, start=5 * number):
            now = sample(tick, connection=number, **({"settled": False, "read_bytes": 2} | changes))
            made.append(now)
            match what:
                case Phase():
                    made.append(PhaseEvent(tick=tick, phase=what, sample=now))
                case EventKind():
                    made.append(Event(tick=tick, connection=number, what=carrying(what)))
    return [*made, RecordingEnd(tick=5 * len(stories), attempts=1, wall_s=0.0)]


@given(st.lists(STORY, min_size=1, max_size=9), st.integers(0, 2), st.integers(2, 12))
@example([({}, VANISHES), ({}, GOOD), ({"notsent_bytes": 1}, VANISHES), ({}, GOOD)], 0, 2)
def test_folded_connections_are_judged_like_all(stories: Any, ended: int, happenings: int) -> None:
    made = churn([({}, GOOD), ({}, GOOD), *stories])
    whole = kept(UNLIMITED, EXPECTED, made)
    folded = kept(MemoryBounds(samples=8, happenings=happenings, ended=ended), EXPECTED, made)
    assert len(folded.happenings) <= happenings
    assert len(folded.connections) + folded.folded.by_client.total() == len(stories) + 2
    for expectation in EXPECTED:
        assert any(unmet_by(expectation, folded)) is any(unmet_by(expectation, whole))
    ours, theirs = judge_run(folded), judge_run(whole)
    assert ours.outcome is theirs.outcome
    assert ours.memory_bounded is theirs.memory_bounded
    assert kinds(ours) == kinds(theirs)
    listed, all_ = make_ledger(folded), make_ledger(whole)
    assert listed.digest == all_.digest
    assert set(listed.not_pinned) == set(all_.not_pinned)
    assert listed.entries_left_out + len(listed.entries) == len(all_.entries)
    assert listed.entries == [one for one in all_.entries if one in listed.entries]


def kinds(verdict: Verdict) -> set[str]:
    """Which sorts of fault there are, whoever has them."""
    sorts = ("not conserved", "was not confirmed", "never began")
    return {sort for sort in sorts for reason in verdict.reasons if sort in reason}


@given(st.lists(CHANGES, min_size=1, max_size=20))
def test_a_tally_is_what_the_whole_series_says(changes: list[dict[str, Any]]) -> None:
    series = [sample(tick, **change) for tick, change in enumerate(changes)]
    tally = Tally()
    for one in series:
        tally.count(one)
    for metric in set(Metric) - OF_THE_RUN:
        assert tally.value(metric) == told(series, metric)
    broken = [one for one in series if one.settled and one.unaccounted_bytes]
    assert (tally.breaches, tally.breach) == (len(broken), broken[0] if broken else None)
    assert tally.peak is max(series, key=lambda one: one.queue_bytes)
    assert tally.growth_ticks == sum(
        now.queue_bytes > before.queue_bytes for before, now in itertools.pairwise(series)
    )
    assert tally.drops is any(one.dropped_bytes for one in series)
    assert tally.waits is any(one.producer_waits for one in series)


def told(series: list[Sample], metric: Metric) -> int:
    field = metric.value.replace("-", "_")
    if field.endswith("_max"):
        return max(int(getattr(one, field.removesuffix("_max"))) for one in series)
    return int(getattr(series[-1], field.removesuffix("_end")))
