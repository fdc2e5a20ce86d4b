"""Growth from cycle to cycle, and what is left at the end, for readings made by hand."""

from typing import Any

import pytest
from msgspec.structs import replace

from stallsim.kinds import EventKind
from stallsim.profile.expectation import OF_THE_RUN, OVER_BASELINE, PER_CYCLE, Expectation, Metric
from stallsim.profile.load import load_profile
from stallsim.timeline.records import Event, RecordingEnd, Resources
from stallsim.timeline.timeline import Timeline
from stallsim.timeline.usage import RESOURCES, TROUGHS_MAX, Usage
from stallsim.verdict.growth import CYCLES_MIN, per_cycle
from stallsim.verdict.result import summarize_run
from stallsim.verdict.verdict import VerdictKind, judge_run

from .builders import header, info, scenario
from .command_line import CommandLine
from .events import carrying

CYCLE = 10


def reading(tick: int, **changes: int) -> Resources:
    fields = {"connections": 1, "queue_bytes": 0, "descriptors": 20, "tasks": 10, "rss_bytes": 50_000_000}
    return Resources(tick=tick, **(fields | changes))


def timeline(*readings: Resources, expect: tuple[Expectation, ...] = (), stall_at: int = 0) -> Timeline:
    """A run in which the first client means to stall after ``stall_at`` readings."""
    made = Timeline()
    made.append(header(replace(scenario(*expect), cycle=CYCLE)))
    made.append(info())
    for number, one in enumerate(readings):
        if number == stall_at > 0:
            made.append(Event(tick=one.tick, connection=0, what=carrying(EventKind.SLEEPS)))
            made.append(Event(tick=one.tick, connection=0, what=carrying(EventKind.STALLED)))
        made.append(one)
    made.append(RecordingEnd(tick=readings[-1].tick, attempts=1, wall_s=0.1))
    return made


def waves(cycles: int, leak: int = 0, field: str = "queue_bytes", warm_up: int = 0) -> list[Resources]:
    """A load that rises and falls in every cycle, and leaves ``leak`` more behind in each."""
    return [
        reading(tick, **{field: 1000 + 100 * (tick % CYCLE) + leak * (tick // CYCLE) + warm})
        for tick in range(cycles * CYCLE)
        for warm in [warm_up * min(tick // CYCLE, 2)]
    ]


@pytest.mark.parametrize("field", RESOURCES)
@pytest.mark.parametrize(("leak", "most", "passes"), [(0, 0, True), (7, 7, True), (7, 6, False)])
def test_growth_per_cycle(field: str, leak: int, most: int, passes: bool) -> None:
    metric = Metric(f"{field}_per_cycle".replace("_", "-"))
    made = timeline(*waves(10, leak, field), expect=(Expectation(metric=metric, max=most),))
    verdict = judge_run(made)
    assert verdict.outcome is (VerdictKind.PASS if passes else VerdictKind.FAIL)
    (reason,) = verdict.reasons
    assert reason.startswith(f"the run: {metric.value}" if passes else f"{metric.value} is 7.0, expected")
    (told,) = [one for one in summarize_run(made, verdict).resources if one.resource == field]
    assert told.per_cycle == leak
    assert (told.cycles, told.max) == (10, 1900 + 9 * leak)


def test_one_odd_cycle_is_no_growth() -> None:
    troughs = [5, 5, 5, 5, 5, 5, 5, 5, 5, 9_000_000]
    assert per_cycle(troughs) == 0


def test_the_warm_up_is_left_out() -> None:
    assert per_cycle([0, 50, 100, 100, 100, 100, 100, 100, 100, 100]) == 0
    made = timeline(*waves(10, warm_up=500))
    assert per_cycle(made.usage.whole("queue_bytes")) == 0


@pytest.mark.parametrize("cycles", range(CYCLES_MIN + 1))
def test_too_few_cycles_are_no_growth_and_no_pass(cycles: int) -> None:
    assert per_cycle([0] * cycles) is None
    readings = waves(cycles + 1)[:-1]  # the last cycle is not over
    expectation = Expectation(metric=Metric.QUEUE_BYTES_PER_CYCLE, max=10**6)
    verdict = judge_run(timeline(*readings, expect=(expectation,)))
    assert verdict.outcome is VerdictKind.FAIL
    assert f"{cycles} whole cycles are too few, at least {CYCLES_MIN + 1} are needed" in verdict.reasons[0]


def test_many_cycles_are_taken_together_and_give_the_same_slope() -> None:
    usage = Usage(CYCLE)
    for one in waves(5 * TROUGHS_MAX, leak=3):
        usage.add(one, 100)
    troughs = usage.whole("queue_bytes")
    assert len(troughs) <= TROUGHS_MAX
    assert len(troughs) * usage.cycles_each == 5 * TROUGHS_MAX
    assert per_cycle(troughs, usage.cycles_each) == 3
    assert len(usage.resources) <= 100
    assert (usage.resources[0].tick, usage.resources[-1].tick) == (0, 5 * TROUGHS_MAX * CYCLE - 1)


def test_a_cycle_without_a_reading_does_not_move_the_others() -> None:
    usage = Usage(CYCLE)
    for tick in (0, 5, 31, 39):
        usage.add(reading(tick, queue_bytes=tick), 100)
    assert usage.whole("queue_bytes") == [0, 31, 31, 31]


@pytest.mark.parametrize("field", RESOURCES)
def test_over_the_baseline(field: str) -> None:
    before, later = {field: 100}, {field: 130}
    readings = (
        reading(0, **{field: 40}),
        reading(1, **before),
        reading(2, **{field: 900}),
        reading(3, **later),
    )
    metric = Metric(f"{field}_over_baseline".replace("_", "-"))
    for most, how in ((30, VerdictKind.PASS), (29, VerdictKind.FAIL)):
        made = timeline(*readings, expect=(Expectation(metric=metric, max=most),), stall_at=2)
        assert judge_run(made).outcome is how


def test_without_a_stall_the_baseline_is_the_first_reading() -> None:
    made = timeline(reading(0), reading(1, tasks=11), reading(2, tasks=12))
    assert made.usage.baseline == reading(0)


def test_a_stall_before_the_first_reading_leaves_the_baseline_unknown() -> None:
    made = Timeline()
    made.append(header(scenario(Expectation(metric=Metric.TASKS_OVER_BASELINE, max=0))))
    made.append(info())
    made.append(Event(tick=0, connection=0, what=carrying(EventKind.STOPS_READING)))
    made.append(Event(tick=0, connection=0, what=carrying(EventKind.STALLED)))
    made.append(reading(0))
    made.append(RecordingEnd(tick=0, attempts=1, wall_s=0.1))
    assert judge_run(made).reasons == [
        "tasks-over-baseline is not known: no resources were read before the first client announced a stall"
    ]


def test_every_resource_has_both_metrics() -> None:
    assert len(PER_CYCLE) == len(OVER_BASELINE) == len(RESOURCES)
    assert Metric.TOTAL_QUEUE_BYTES_MAX in OF_THE_RUN


@pytest.mark.parametrize(
    ("overrides", "saying"),
    [
        (["expect.0.metric=rss-bytes-per-cycle"], ("expect.0.metric", "rss-bytes-per-cycle", "'cycle'")),
        (["cycle=0"], ("cycle", "at least 1")),
        (["cycle=5ms"], ("cycle",)),
        (
            ["cycle=50", "expect.0.metric=tasks-per-cycle", "expect.0.client=one"],
            ("expect.0.client", "tasks-per-cycle", "leave out client"),
        ),
    ],
)
def test_what_a_profile_cannot_expect(
    overrides: list[str], saying: tuple[str, ...], command_line: CommandLine, tmp_path: Any
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = ""\ndescription = ""\nexpectation = ""\nticks = 9\n[[clients]]\nname = "one"\n'
        'kind = "stop-reading"\n[[expect]]\nmetric = "queue-bytes-max"\nmax = 0\n'
    )
    sets = [word for override in overrides for word in ("--set", override)]
    command_line.refuses("show", str(path), *sets, code=2, saying=saying)


def test_a_profile_may_set_its_cycle() -> None:
    assert load_profile("sleeping-tab", ["cycle=100"]).scenario.cycle == 100
