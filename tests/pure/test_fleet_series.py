"""A fleet's readings: histograms that add up, workers on one time axis, a verdict of a timeline."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.fleet.judging import judge
from stallsim.fleet.result import Kept, Wall
from stallsim.fleet.words import fleet_lines
from stallsim.kinds import ParkedEnding
from stallsim.reports.accounts.fleet import account_of_fleet
from stallsim.timeline.events.fleet import WorkerLost
from stallsim.timeline.fleet.clients import Ends
from stallsim.timeline.fleet.looks import ChargedEnds, KernelMemory
from stallsim.timeline.fleet.merge import WORST_MAX, one_after_another, side_by_side, together
from stallsim.timeline.fleet.reading import Reading
from stallsim.timeline.fleet.records import Worker
from stallsim.timeline.fleet.series import FleetSeries
from stallsim.timeline.fleet.steps import StepKind, Stepped
from stallsim.timeline.histogram import Histogram, added, bin_of, lower
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.recording import load_recording
from stallsim.timeline.records import Event, Record
from stallsim.timeline.thinning import MemoryBounds
from stallsim.timeline.timeline import Timeline

from .fleets import reading, records, seen, step

VALUES = st.lists(st.integers(min_value=0, max_value=2**48), max_size=60)


@given(st.integers(min_value=0, max_value=2**48))
def test_a_place_has_bounds_within_a_sixteenth(value: int) -> None:
    at = bin_of(value)
    assert lower(at) <= value < lower(at + 1)
    assert lower(at + 1) - lower(at) <= max(1, lower(at) / 16)


@given(VALUES, VALUES)
def test_two_histograms_add_up_to_that_of_all_values(left: list[int], right: list[int]) -> None:
    assert added([Histogram.of(left), Histogram.of(right)]) == Histogram.of(left + right)


@given(VALUES.filter(bool), st.sampled_from([0.0, 0.5, 0.99, 1.0]), st.integers(min_value=0, max_value=40))
def test_shares_and_counts_of_a_histogram(values: list[int], share: float, power: int) -> None:
    made, ordered = Histogram.of(values), sorted(values)
    exact = ordered[max(0, -(-round(share * len(values) * 1000) // 1000) - 1)]
    found = made.at(share)
    assert found is not None
    assert exact <= found <= exact + exact / 16
    assert made.below(2**power) == sum(value < 2**power for value in values)


def test_of_no_value_nothing_is_told() -> None:
    assert Histogram().at(0.5) is None


def test_the_readings_of_two_workers_become_one() -> None:
    found = together([reading(10, "near", 100, 4000), reading(12, "far", 50, 9000)])
    assert (found.tick, found.tally.parked, found.tally.refused) == (12, 150, {"answered 503": 2})
    assert found.tally.ended[ParkedEnding.FIN] == Ends(count=2, open_ms=Histogram.of([1000, 1000]))
    assert found.look is not None
    assert (found.look.connections, found.look.stalled) == (150, 75)
    assert found.look.queues == Histogram.of([4000] * 100 + [9000] * 50)
    assert len(found.look.worst) == WORST_MAX
    assert found.look.worst[0].peer == "far:0"
    assert (found.rss_bytes, found.tcp_memory_bytes) == (5_000_000, 100 * 4096)
    assert found.witnessed is not None
    assert found.witnessed.witnesses == 4
    assert found.witnessed.pongs == 30
    assert found.witnessed.p99_s is not None  # of 15 Pongs of one worker alone there would be none


def test_what_the_kernel_had_charged_to_the_fleet_is_told_of_the_moments_at_which_it_was_read() -> None:
    series = FleetSeries(100)
    ends = ChargedEnds(sockets=9, charged_bytes=500)
    for tick, memory in ((5, KernelMemory(clients=ends)), (9, KernelMemory(clients=ends, server=ends))):
        series.add(Stepped(tick=tick, kind=StepKind.STEP, step=replace(step(9), kernel_memory=memory)))
    series.add(Stepped(tick=12, kind=StepKind.HELD, step=step(9)))  # it could not be read
    readings = [reading(tick, "near", 9, 0) for tick in (4, 5, 8, 13)]
    assert series.charged_bytes(readings) == [None, 500, 1000, None]
    assert series.charged_bytes(readings[2:]) == [1000, None]


def test_the_longest_silence_of_all_workers_and_of_all_looks_counts() -> None:
    parts = [replace(seen(1000), silent_s=silent_s) for silent_s in (0.1, 6.2, 0.3)]
    assert side_by_side(parts).silent_s == one_after_another(parts).silent_s == 6.2
    waiting = [replace(seen(1000), waiting_s=(0.5,)), replace(seen(1000), waiting_s=(0.7, 0.1))]
    assert side_by_side(waiting).waiting_s == (0.5, 0.7, 0.1)
    assert one_after_another(waiting).waiting_s == (0.7, 0.1), "the others have ended, or wait on"


def test_periods_of_the_same_witnesses_follow_each_other() -> None:
    found = one_after_another(
        [seen(*[500] * 30, seconds=1), seen(*[9000] * 30, seconds=3, bytes_per_s=200)]
    )
    assert (found.seconds, found.pongs, found.bytes_per_s, found.witnesses) == (4, 60, 400, 2)
    assert found.p50_s == pytest.approx(0.0005, rel=0.07)
    assert found.p99_s == pytest.approx(0.009, rel=0.07)


def test_all_workers_stand_on_one_time_axis_however_their_readings_are_thinned() -> None:
    timeline = Timeline(MemoryBounds(resources=20))
    for tick in range(100):
        timeline.append(reading(tick, "near" if tick % 2 else "far", tick + 1, 10))
    assert set(timeline.fleet.readings) == {"near", "far"}
    assert all(len(series) <= 20 for series in timeline.fleet.readings.values())
    merged = list(timeline.fleet.merged())
    assert [one.tick for one in merged] == sorted({one.tick for one in merged})
    assert merged[-1].tally.parked == 100 + 99
    assert timeline.fleet.now == merged[-1]


def test_a_recording_is_judged_again_with_its_limits(tmp_path: Path) -> None:
    path = tmp_path / "fleet.jsonl"
    live = Timeline()
    with Recorder(path) as recorder:
        live.listen(recorder.write)
        for record in records():
            live.append(record)
    again = judge(load_recording(path))
    assert again is not None
    assert again == judge(live)
    assert again.capacity.wall is Wall.WITNESSES
    assert (again.capacity.clients, again.capacity.held) == (3000, 2000)
    assert again.memory is not None
    assert again.memory.each == 700
    assert [one.kept for one in again.limits] == [Kept.KEPT, Kept.BROKEN, Kept.BROKEN]
    assert "at most" in again.limits[0].words
    assert load_recording(path).fleet.workers[0].clock_offset_s == -3.5


def test_a_recording_that_was_cut_off_is_judged_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "fleet.jsonl"
    with Recorder(path) as recorder:
        for record in records():
            recorder.write(record)
    whole = path.read_bytes().splitlines(keepends=True)
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(b"".join(whole[:7]) + whole[7][:40])
    found = judge(load_recording(cut))
    assert found is not None
    assert found.interrupted
    assert [one.clients for one in found.steps] == [1000]
    assert [one.kept for one in found.limits] == [Kept.NOT_TESTED, Kept.NOT_TESTED, Kept.NOT_TESTED]
    cut.write_bytes(b"".join(whole[:2]))
    assert judge(load_recording(cut)) is None


def cut_after(last: type[Record], number: int) -> Timeline:
    """A fleet whose recording ends with the record of that kind and number."""
    made, seen_so_far = Timeline(), 0
    for record in records():
        made.append(record)
        seen_so_far += isinstance(record, last)
        if seen_so_far == number:
            break
    return made


def test_a_fleet_that_is_interrupted_within_a_look_tells_what_it_had_reached() -> None:
    within = judge(cut_after(Reading, 2))
    assert within is not None
    assert within.reached is not None
    assert (within.reached.tally.parked, [one.clients for one in within.steps]) == (2000, [1000])
    assert within.capacity.held == 1000, "of what was not watched to its end no bound is judged"
    text = "\n".join(fleet_lines(within, "utf-8"))
    assert [line for line in text.splitlines() if line.endswith("  when it was interrupted")]
    assert "interrupted: by then 2,000 of 3,000 clients were open; " in text
    account = account_of_fleet(None, within)
    assert account.outcome == "interrupted, with 2,000 clients open"
    first = judge(cut_after(Reading, 1))
    assert first is not None
    assert (first.steps, first.reached is not None) == ((), True)
    between = judge(cut_after(Stepped, 3))
    assert between is not None
    assert between.reached is None, "the step that has just ended has it all"


@pytest.mark.parametrize(("reopened", "missing"), [(True, 0), (False, 400)])
def test_clients_that_are_missing_make_no_success(reopened: bool, missing: int) -> None:
    live = Timeline()
    for record in records():
        live.append(record)
        if isinstance(record, Worker):
            lost = WorkerLost(worker=record.name, clients=400, after_s=0.3, reopened=reopened)
            live.append(Event(tick=record.tick, what=lost))
    found = judge(live)
    assert found is not None
    assert found.missing == missing
    assert [one.kept for one in found.limits if one.limit == "on-lost-worker"] == [Kept.NOT_TESTED] * bool(
        missing
    )
