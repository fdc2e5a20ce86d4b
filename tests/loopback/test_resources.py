"""Readings of the process's resources in real runs, and runs whose timeline is thinned meanwhile."""

import os
from pathlib import Path

import psutil
import pytest
import trio

from stallsim.profile.load import load_profile
from stallsim.runner.execute import Execution
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.recording import load_recording
from stallsim.timeline.records import Record, Resources
from stallsim.timeline.thinning import MemoryBounds
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.result import summarize_run
from stallsim.verdict.verdict import judge_run

from .running import result, run

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]  # held up, a run in this stack is another


def test_readings_equal_the_systems_figures_of_the_same_moment() -> None:
    told: list[tuple[Resources, int, int, int]] = []

    def on_record(record: Record) -> None:
        if isinstance(record, Resources):
            descriptors = len(list(Path("/proc/self/fd").iterdir()))
            tasks = trio.lowlevel.current_statistics().tasks_living
            told.append((record, descriptors, tasks, psutil.Process(os.getpid()).memory_info().rss))

    timeline = run("sleeping-tab", on_record=on_record)
    assert [reading.tick for reading, *_ in told] == [0, 0, 100, 200, 300, 399]
    assert [reading for reading, *_ in told] == timeline.usage.resources
    for reading, descriptors, tasks, rss_bytes in told:
        assert (reading.connections, reading.descriptors, reading.tasks) == (2, descriptors, tasks)
        assert abs(reading.rss_bytes - rss_bytes) < 2**20
        if reading.tick:
            (queued,) = [one.queue_bytes for one in timeline.samples[1] if one.tick == reading.tick]
            assert reading.queue_bytes == queued
    baseline, last = timeline.usage.baseline, timeline.usage.last
    assert baseline is not None
    assert last is not None
    assert (last.descriptors, last.tasks, last.queue_bytes) == (
        baseline.descriptors, baseline.tasks, baseline.queue_bytes,
    )  # fmt: skip


def test_how_often_they_are_taken_does_not_change_the_ledger() -> None:
    seldom, often = run("sleeping-tab"), run("sleeping-tab", "cycle=10")
    assert len(often.usage.resources) > 390
    assert make_ledger(often).entries == make_ledger(seldom).entries


def test_the_longest_total_queue_is_that_of_all_connections_at_one_tick() -> None:
    timeline = run("mixed-crowd")
    totals: dict[int, int] = {}
    for series in timeline.samples:
        for sample in series:
            totals[sample.tick] = totals.get(sample.tick, 0) + sample.queue_bytes
    assert timeline.usage.queue_bytes_max == max(totals.values())


@pytest.mark.parametrize("profile", ["sleeping-tab", "mixed-crowd"])
def test_a_thinned_run_is_judged_like_a_whole_one(
    profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(profile)
    monkeypatch.setattr(
        "stallsim.timeline.timeline.MemoryBounds", lambda: MemoryBounds(samples=60, happenings=1_000)
    )
    path = tmp_path / "run.jsonl"
    with Recorder(path) as recorder:
        execution = Execution(load_profile(profile))
        thinned = execution.execute(recorder=recorder, attempts_max=1)
    assert sum(map(len, thinned.samples)) <= 60
    assert judge_run(thinned) == judge_run(whole)
    ledgers = make_ledger(thinned), make_ledger(whole)
    assert ledgers[0].digest == ledgers[1].digest
    assert ledgers[0].entries == ledgers[1].entries
    assert told(load_recording(path)) == told(thinned)
    monkeypatch.undo()
    complete = load_recording(path)
    assert sum(map(len, complete.samples)) == sum(map(len, whole.samples)), "the recording has all of it"
    assert told(complete) == told(thinned)


def told(timeline: Timeline) -> object:
    return judge_run(timeline), summarize_run(timeline, judge_run(timeline))


def test_a_duration_is_scenario_time(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    words = ("--set", "stream.interval=10ms", "--duration", "0.5s", "--record", path)
    result("run", "well-behaved", *words)
    assert load_recording(path).scenario.ticks == 50
