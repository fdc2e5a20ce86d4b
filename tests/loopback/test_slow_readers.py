"""Clients that read too slowly or with pauses read exactly as many bytes as their rate allows."""

from itertools import pairwise

import pytest

from stallsim.kinds import EventKind
from stallsim.profile.expectation import Metric
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.expectations import metric
from stallsim.verdict.verdict import VerdictKind, judge_run

from .running import run

pytestmark = pytest.mark.loopback
SLOW_TICK, TICK_S, FRAME = 20, 0.005, 6680
PAUSE_TICKS = 16


def read_since(timeline: Timeline, tick: int) -> list[tuple[int, int]]:
    """Ticks after that one, and what had been read by the end of each since the one before it."""
    series = [sample for sample in timeline.samples[0] if sample.tick < timeline.scenario.ticks]
    (begin,) = [sample.read_bytes for sample in series if sample.tick == tick - 1]
    return [(sample.tick - tick, sample.read_bytes - begin) for sample in series if sample.tick >= tick]


@pytest.mark.parametrize("rate", [200_000, 100_000, 5_000, 1_000, 100, 5, 1])
def test_a_slow_reader_reads_what_its_rate_allows_and_no_more(rate: int) -> None:
    timeline = run("slow-reader", f"clients.slow.rate={rate}B/s")
    assert judge_run(timeline).outcome is VerdictKind.PASS
    for ticks, read in read_since(timeline, SLOW_TICK):
        assert read == int(ticks * TICK_S * rate)


def test_a_very_slow_reader_reads_single_bytes() -> None:
    drops = [read for _, read in read_since(run("slow-reader", "clients.slow.rate=5B/s"), SLOW_TICK)]
    assert {now - before for before, now in pairwise(drops)} == {0, 1}


def test_a_reader_that_is_fast_enough_does_not_stall_and_the_run_fails() -> None:
    verdict = judge_run(run("slow-reader", "clients.slow.rate=100MB/s"))
    assert verdict.outcome is VerdictKind.FAIL
    assert "the stall of slow (connection 0) was not confirmed" in verdict.reasons[0]


def test_a_window_that_opens_wide_to_a_slow_reader_is_not_pinned() -> None:
    wide = make_ledger(run("slow-reader", "clients.slow.rcvbuf=64KiB", "clients.slow.maxseg=1312"))
    assert "slow reads slowly, and more than 10 segments reach it at once" in wide.not_pinned


def pauses(timeline: Timeline) -> list[int]:
    """The lengths of the stretches in which nothing was read, in ticks."""
    lengths, length = [], 0
    for before, now in pairwise(timeline.samples[0]):
        if now.read_bytes == before.read_bytes:
            length += 1
        elif length:
            lengths.append(length)
            length = 0
    return lengths


@pytest.mark.parametrize("seed", [2, 3])
def test_a_weak_network_pauses_as_drawn_and_keeps_up(seed: int) -> None:
    timeline = run("weak-network", f"seed={seed}")
    lengths = pauses(timeline)
    assert max(lengths) <= PAUSE_TICKS
    assert len(set(lengths)) > PAUSE_TICKS // 2
    assert lengths == pauses(run("weak-network", f"seed={seed}"))
    assert lengths != pauses(run("weak-network", f"seed={seed + 1}"))
    assert metric(timeline, 0, Metric.QUEUE_BYTES_MAX) == 0
    behind = timeline.samples[0][-1].produced_bytes - timeline.samples[0][-1].read_bytes
    assert behind <= (PAUSE_TICKS + 1) * FRAME


def test_a_weak_network_shuts_its_window_and_answers_every_ping_in_time() -> None:
    timeline = run("weak-network")
    kinds = {one.kind for one in timeline.happenings if isinstance(one, Event)}
    assert EventKind.ZERO_WINDOW in kinds
    assert kinds.isdisjoint({EventKind.PONG_MISSING, EventKind.PONG_LATE, EventKind.ABORTED})
    assert timeline.samples[0][-1].control_bytes > 0
