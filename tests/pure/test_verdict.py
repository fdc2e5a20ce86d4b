"""The verdict on a timeline, whatever its profile expects."""

import pytest

from stallsim.errors import ExitCode
from stallsim.kinds import EventKind, Stalls
from stallsim.profile.expectation import Expectation
from stallsim.timeline.records import RecordingEnd
from stallsim.verdict.verdict import VerdictKind, judge_run, unsupported

from .builders import event, sample, scenario, timeline


def test_a_run_that_expects_nothing_passes_if_it_is_sound() -> None:
    verdict = judge_run(timeline([sample()]))
    assert (verdict.outcome, verdict.exit_code()) == (VerdictKind.PASS, ExitCode.PASS)
    assert "sound" in verdict.reasons[0]


@pytest.mark.parametrize("kind", [EventKind.SLEEPS, EventKind.STOPS_READING, EventKind.VANISHES])
def test_a_stall_that_the_kernel_did_not_confirm_fails_and_says_so(kind: EventKind) -> None:
    verdict = judge_run(timeline([sample()], event(kind), stalls=Stalls.MUST))
    assert verdict.outcome is VerdictKind.FAIL
    assert "the stall of one (connection 0) was not confirmed" in verdict.reasons[0]
    confirmed = event(EventKind.STALLED, evidence="window shut")
    assert (
        judge_run(timeline([sample()], event(kind), confirmed, stalls=Stalls.MUST)).outcome
        is VerdictKind.PASS
    )


def test_a_stall_that_never_began_fails_and_says_so() -> None:
    verdict = judge_run(timeline([sample()], stalls=Stalls.MUST))
    assert verdict.reasons == ["one (connection 0) never began to stall"]


def test_a_breach_of_conservation_is_our_error() -> None:
    broken = [sample(1, read_bytes=10), sample(2, read_bytes=20)]
    verdict = judge_run(timeline([sample(), *broken]))
    assert verdict.outcome is VerdictKind.FAIL
    (reason,) = verdict.reasons
    assert reason.startswith("internal error: bytes are not conserved: -10 ")
    assert reason.endswith("at tick 1 (2 samples)")


def test_what_is_in_flight_is_no_breach() -> None:
    assert judge_run(timeline([sample(settled=False, read_bytes=10)])).outcome is VerdictKind.PASS


@pytest.mark.parametrize(
    ("expected", "how"), [([], VerdictKind.FAIL), (["memory-ceiling"], VerdictKind.PASS)]
)
def test_the_memory_ceiling(expected: list[str], how: VerdictKind) -> None:
    ceiling = event(EventKind.MEMORY_CEILING, tick=7, queue_bytes=1_000_000)
    of = scenario(*([Expectation(phases=expected)] if expected else []))
    verdict = judge_run(timeline([sample()], ceiling, of=of))
    assert verdict.outcome is how
    if how is VerdictKind.FAIL:
        assert verdict.reasons == ["memory ceiling: 1,000,000 bytes in the application queues at tick 7"]


def test_an_interrupted_run_fails_for_that_alone() -> None:
    end = RecordingEnd(tick=4, attempts=1, wall_s=0.1, interrupted=True)
    of = scenario(Expectation(phases=["closed"]))
    verdict = judge_run(timeline([sample()], of=of, end=end, stalls=Stalls.MUST))
    assert verdict.outcome is VerdictKind.FAIL
    assert verdict.reasons == ["interrupted at tick 4"]


def test_a_recording_that_was_cut_fails() -> None:
    verdict = judge_run(timeline([sample(3)], end=None))
    assert verdict.outcome is VerdictKind.FAIL
    assert verdict.reasons == ["the recording ends at tick 3, before the end of the run"]


def test_exit_codes() -> None:
    missing = unsupported("no namespaces")
    assert (missing.exit_code(), missing.exit_code(strict=True)) == (ExitCode.PASS, ExitCode.ENVIRONMENT)
    failed = judge_run(timeline([sample()], stalls=Stalls.MUST))
    assert (failed.exit_code(), failed.exit_code(strict=True)) == (ExitCode.FAIL, ExitCode.FAIL)
    assert missing.memory_bounded is None


def test_what_is_announced_must_be_confirmed_even_where_nothing_must_be_announced() -> None:
    assert judge_run(timeline([sample()], stalls=Stalls.MAY)).outcome is VerdictKind.PASS
    stops = event(EventKind.STOPS_READING)
    verdict = judge_run(timeline([sample()], stops, stalls=Stalls.MAY))
    assert "was not confirmed" in verdict.reasons[0]
    down = event(EventKind.NETWORK_DOWN)
    assert judge_run(timeline([sample()], down, stalls=Stalls.MAY)).outcome is VerdictKind.PASS


@pytest.mark.parametrize(
    ("ended", "how"),
    [(5, VerdictKind.PASS), (6, VerdictKind.PASS), (7, VerdictKind.FAIL), (100, VerdictKind.FAIL)],
)
def test_who_is_cut_off_before_two_samples_was_not_asked(ended: int, how: VerdictKind) -> None:
    stops, end = event(EventKind.STOPS_READING, tick=5), event(EventKind.ENDED, tick=ended, how="closed")
    assert judge_run(timeline([sample()], stops, end, stalls=Stalls.MUST)).outcome is how


def test_our_own_lag_is_named_beside_what_may_be_its_fault() -> None:
    late = event(EventKind.TICKS_LATE, tick=9, first_tick=3, ticks=6, late_s=0.427)
    of = scenario(Expectation(phases=["draining"]))
    *_, reason = judge_run(timeline([sample()], late, of=of)).reasons
    assert "6 of " in reason
    assert "up to 427 ms (from tick 3 on)" in reason
    assert judge_run(timeline([sample()], late)).outcome is VerdictKind.PASS
    of = scenario(Expectation(phases=["closed"]))
    end = RecordingEnd(tick=4, attempts=1, wall_s=0.1, interrupted=True)
    assert judge_run(timeline([sample()], late, of=of, end=end)).reasons == ["interrupted at tick 4"]
