"""Clients that come and go during a run: the run is repeatable and sound, and nothing of them is left."""

from pathlib import Path

import pytest

from stallsim.kinds import Phase
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.records import ConnectionInfo, Record
from stallsim.timeline.sample import Sample
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.verdict import VerdictKind, judge_run

from .running import run

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]
PROFILE = """
title = "People come and go"
description = "Visitors who read, and tabs that fall asleep, on one stream."
expectation = "Nobody is left behind."
ticks = 300
seed = 3

[stream]
frame = 6680
interval = "5ms"

[server]
policy = "disconnect"
sndbuf = "64KiB"
congestion = "reno"

[server.disconnect]
limit-bytes = "100kB"

[[clients]]
name = "reader"
kind = "well-behaved"
rcvbuf = "64KiB"
maxseg = 1312

[[clients]]
name = "visitor"
kind = "well-behaved"
rcvbuf = "64KiB"
maxseg = 1312
count = 4
arrival = { mean = "50ms" }
life = { min = "50ms", max = "300ms" }

[[clients]]
name = "sleeper"
kind = "stop-reading"
rcvbuf = "64KiB"
maxseg = 1312
count = 3
arrival = { mean = "100ms" }
life = { min = "300ms", max = "600ms" }
draw = { stop-tick = { min = "20ms", max = "50ms" } }
"""


@pytest.fixture
def churn(tmp_path: Path) -> str:
    path = tmp_path / "churn.toml"
    path.write_text(PROFILE)
    return str(path)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def internal_errors(timeline: Timeline) -> list[str]:
    return [reason for reason in judge_run(timeline).reasons if "internal error" in reason]


def test_who_comes_and_goes_is_the_same_every_time(churn: str) -> None:
    first, second = run(churn), run(churn)
    assert len(first.connections) > 15
    assert [(one.client, one.tick) for one in first.connections] == [
        (one.client, one.tick) for one in second.connections
    ]
    assert make_ledger(first).digest == make_ledger(second).digest
    assert make_ledger(run(churn, "seed=4")).digest != make_ledger(first).digest
    assert internal_errors(first) == []


@pytest.mark.parametrize("pace", ["lockstep", "realtime"])
def test_nothing_is_left_of_clients_that_have_left(churn: str, pace: str) -> None:
    before, most, opened = descriptors(), 0, 0

    def on_record(record: Record) -> None:
        nonlocal most, opened
        if isinstance(record, ConnectionInfo):
            opened += 1
        elif isinstance(record, Sample):
            most = max(most, descriptors())

    timeline = run(churn, f"pace={pace}", on_record=on_record)
    assert opened > 15
    at_a_time = 2 * (1 + 4 + 3)
    assert most <= before + at_a_time + 12  # and the listener, trio's own, the recorder's
    assert descriptors() == before
    assert internal_errors(timeline) == []


@pytest.mark.parametrize("pace", ["lockstep", "realtime"])
def test_a_client_that_is_asleep_when_it_is_cut_leaves_at_the_end_of_its_life(
    churn: str, pace: str
) -> None:
    longer = ("clients.sleeper.life.min=500ms", "clients.sleeper.life.max=600ms")
    timeline = run(churn, f"pace={pace}", "ticks=400", "calm=500ms", *longer)
    sleepers = [one.connection for one in timeline.connections if one.client == "sleeper"]
    cut = [one for one in sleepers if any(p.phase is Phase.RESET for p in timeline.phases(one))]
    assert len(cut) > 3  # more than there is room for at a time: those before them have left
    usage = timeline.usage
    assert usage.last is not None
    assert usage.last.connections == 1
    assert usage.last.tasks <= usage.resources[0].tasks


def test_a_client_that_leaves_sends_a_close_only_if_it_is_awake(churn: str) -> None:
    timeline = run(churn)
    stayed = timeline.scenario.ticks - 1
    for info in timeline.connections:
        *_, last = timeline.phases(info.connection)
        if info.client == "visitor":
            assert last.phase is Phase.CLOSED
        elif info.client == "sleeper" and timeline.samples[info.connection][-1].tick < stayed:
            assert last.phase is Phase.RESET
    reader = timeline.samples[0][-1]
    assert reader.read_messages == timeline.scenario.ticks


def test_a_tab_may_end_between_falling_asleep_and_its_last_read(churn: str) -> None:
    path = Path(churn)
    path.write_text(PROFILE.replace("stop-reading", "sleeping-tab").replace("stop-tick", "sleep-tick"))
    life = ("clients.sleeper.life.min=30ms", "clients.sleeper.life.max=100ms")
    for seed in range(3):
        timeline = run(churn, "pace=realtime", "ticks=150", *life, f"seed={seed}")
        assert judge_run(timeline).outcome is VerdictKind.PASS, judge_run(timeline).reasons
