"""Every profile of the package meets its expectations, with the real kernel."""

import json
from pathlib import Path

import pytest

from stallsim.kinds import Phase
from stallsim.profile.expectation import Metric
from stallsim.profile.folder import names
from stallsim.profile.load import load_profile
from stallsim.timeline.recording import load_recording, read_records
from stallsim.timeline.records import PhaseEvent
from stallsim.timeline.sample import Sample
from stallsim.verdict.expectations import metric
from stallsim.verdict.verdict import VerdictKind, judge_run

from .running import command, run

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]
ENDINGS = {Phase.CLOSED, Phase.RESET, Phase.TIMED_OUT}
MONGOOSE_FRAME = 6680
SHORTER = {"soak-mixed": ("--set", "ticks=480", "--set", "cycle=60")}
"""A soak is as long as one likes; here it is ten seconds of wall time."""


def _parameter(name: str) -> object:
    private = load_profile(name).scenario.wants_private_stack
    marks = [pytest.mark.xdist_group(name), *([pytest.mark.slow] if private else [])]
    return pytest.param(name, marks=marks)


@pytest.fixture(scope="module", params=[_parameter(name) for name in names()])
def recording(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of a profile that has passed."""
    path = tmp_path_factory.mktemp("profiles") / f"{request.param}.jsonl"
    ended = command("run", request.param, *SHORTER.get(request.param, ()), "--json", "--record", path)
    progress = f"{request.param}: tick "  # of a run that takes its time on a busy machine
    assert [line for line in ended.stderr.splitlines() if not line.startswith(progress)] == []
    result = json.loads(ended.stdout)
    if result["verdict"] == "unsupported":
        pytest.skip(result["reasons"][0])
    assert (ended.returncode, result["verdict"]) == (0, "pass"), result["reasons"]
    return path


def test_passes(recording: Path) -> None:
    verdict = judge_run(load_recording(recording))
    assert verdict.outcome is VerdictKind.PASS, verdict.reasons


def test_conserves_every_byte(recording: Path) -> None:
    for series in load_recording(recording).samples:
        settled = [sample for sample in series if sample.settled]
        assert settled
        assert [sample for sample in settled if sample.unaccounted_bytes] == []


def test_samples_no_connection_that_has_ended(recording: Path) -> None:
    ended: set[int] = set()
    for record in read_records(recording):
        if isinstance(record, PhaseEvent) and record.phase in ENDINGS:
            assert record.connection not in ended
            ended.add(record.connection)
        elif isinstance(record, Sample):
            assert record.connection not in ended


@pytest.mark.parametrize(
    ("wake_tick", "messages", "capacity", "afterwards"),
    [(535, 276, 1_845_248, 16), (536, 277, 1_851_392, 15)],
)
def test_the_report_that_started_it(wake_tick: int, messages: int, capacity: int, afterwards: int) -> None:
    timeline = run("mongoose-2574", f"clients.edge.wake-tick={wake_tick}")
    assert metric(timeline, 0, Metric.QUEUE_MESSAGES_MAX) == messages
    assert metric(timeline, 0, Metric.QUEUE_BYTES_MAX) == messages * MONGOOSE_FRAME
    assert metric(timeline, 0, Metric.QUEUE_CAPACITY_BYTES_MAX) == capacity
    assert metric(timeline, 0, Metric.READ_MESSAGES) == 552
    (drained,) = [sample for sample in timeline.samples[0] if sample.tick == wake_tick]
    assert timeline.samples[0][-1].produced_messages - drained.produced_messages == afterwards
