"""Servers that do one thing for a while and then another: both are told, each with its time."""

import sys

import pytest
import trio

from stallsim.probing.options.limits import limits_of
from stallsim.probing.probe import probe
from stallsim.probing.spec import Command, ProbeSpec, Target, WatchUntil
from stallsim.timeline.probed.outcomes import Finding, Outcome
from stallsim.timeline.probed.result import ProbeResult

pytestmark = [pytest.mark.loopback, pytest.mark.realtime, pytest.mark.slow]


def looked_at(what: str) -> ProbeResult:
    spec = ProbeSpec(
        target=Target(url="ws://127.0.0.1:0/"),
        command=Command(words=(sys.executable, "-m", "tests.loopback.streaming", what)),
        stalls=("stop-reading",),
        watch=WatchUntil(seconds=5.0),
    )
    return trio.run(probe, spec)


def test_a_close_that_waits_behind_the_queue_is_no_end() -> None:
    result = looked_at("closes_politely")
    (report,) = result.stalls
    assert (report.outcome, report.findings) == (Outcome.BOUNDED_DROPS, (Finding.CLOSE_WAITS,))
    assert (report.closed_after_s, report.close_code) == (None, 1013)
    assert 1_000_000 < report.held_bytes < 4_000_000
    assert [one.outcome for one in report.reactions] == [Outcome.GROWTH, Outcome.BOUNDED_DROPS]
    assert "Close, which waited behind these bytes or was sent" in report.summary
    assert report.advice[0].startswith("abort")
    limits = limits_of({"max_queue": 8_000_000, "must_close_within": 1.0})
    (broken,) = limits.apply(result).violations
    assert "not disconnected within" in broken


def test_who_is_given_up_without_a_close_was_kept_for_until_then() -> None:
    (report,) = looked_at("forgets").stalls
    kept, dropped = report.reactions
    assert (kept.outcome, dropped.outcome) == (Outcome.GROWTH, Outcome.BOUNDED_DROPS)
    assert kept.until_s == dropped.from_s
    assert kept.until_s is not None
    assert 0 < kept.until_s < report.stalled_s / 2
    assert "then sends it nothing more, without ending the connection" in report.summary


def test_who_blocks_everybody_before_the_end_is_told_for_both() -> None:
    result = looked_at("blocks_and_then_disconnects")
    (report,) = result.stalls
    assert (report.outcome, report.findings) == (Outcome.DISCONNECTS, (Finding.STARVES_OTHERS,))
    blocked, ended = report.reactions
    assert (blocked.outcome, ended.outcome) == (Outcome.BLOCKS_EVERYONE, Outcome.DISCONNECTS)
    assert blocked.until_s is not None
    assert 2.0 < blocked.until_s - blocked.from_s < report.stalled_s
    assert ended.from_s == report.closed_after_s
    assert "into the stall, the witness received nothing for" in report.summary
    assert limits_of({"fail_on": "blocks-everyone"}).apply(result).violations
