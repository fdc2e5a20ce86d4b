"""How much a server that drops is said to have held, and when a stream is said to have ended."""

import pytest

from stallsim.probing.compare.gaps import count_waited
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.report import report_of
from stallsim.probing.report.rows import row_of
from stallsim.probing.report.summary import summarize_probe
from stallsim.probing.report.thresholds import Thresholds
from stallsim.probing.report.wording import report_lines
from stallsim.probing.trial.after_vanish import never_catches_up
from stallsim.timeline.probed.outcomes import Outcome
from stallsim.timeline.probed.result import ProbeResult

from .observations import KERNEL, MB, MESSAGE, RATE, comparison, observation, samples

LIMIT = 8 * MB


def probed(seen: Observation) -> ProbeResult:
    return summarize_probe("ws://127.0.0.1:1/", "", [report_of(seen, judge_stall(seen))], 3.0, "")


def dropping(waited: int, late: int = 0, growth: float = 0.0) -> Observation:
    """Of 12,000 messages 11,000 are missing by the wake, and ``waited`` came after it."""
    compared = comparison(missing=11_000 + late, missing_late=late, waited=waited)
    return observation(comparison=compared, samples=samples(growth=growth))


@pytest.mark.parametrize(
    ("came", "wake", "covers", "count"),
    [
        ([90, 95, 100, 101], 100, None, 2),
        ([90, 91], 100, None, 10),
        ([95, 98], 100, [3, 5], 5),
        ([100], 100, None, 0),
        ([], 100, None, 0),
    ],
)
def test_what_waited_came_after_the_wake_or_had_not_come(
    came: list[int], wake: int, covers: list[int] | None, count: int
) -> None:
    assert count_waited(came, wake, covers) == count


def test_what_waited_in_a_server_is_counted_by_what_came_and_was_in_no_kernel() -> None:
    """By what was refused it would be a megabyte: of 75 MB, a thousandth is as much as such a queue."""
    (report,) = probed(dropping(waited=800)).stalls
    assert (report.held_bytes, report.held_at_least) == (800 * MESSAGE - KERNEL, False)


@pytest.mark.parametrize(
    ("late", "growth", "least"), [(0, 1.0, False), (900, 0.0, False), (900, 1.0, True)]
)
def test_what_was_dropped_after_the_wake_may_have_waited(late: int, growth: float, least: bool) -> None:
    """A queue of the latest 48 MB, emptied more slowly than it is filled, loses all of them then."""
    result = probed(dropping(waited=800, late=late, growth=growth))
    (report,) = result.stalls
    assert report.outcome is Outcome.BOUNDED_DROPS
    assert row_of(report).bound == ("at least ~100 kB" if least else "~100 kB")
    limited = Thresholds(max_queue_bytes=LIMIT).apply(result)
    assert bool(limited.untested) is least
    assert not limited.violations


@pytest.mark.parametrize(
    ("until_wake", "late", "drops"), [(3000, 4000, False), (9000, 4000, True), (3000, 9000, True)]
)
def test_of_a_stream_with_gaps_each_part_is_laid_beside_its_own_time(
    until_wake: int, late: int, drops: bool
) -> None:
    """A limiter for each client loses a quarter: of a drain of 5 s as well as of the 4 s of the stall."""
    compared = comparison(missing=until_wake + late, missing_late=late, missing_usual=0.25)
    seen = observation(comparison=compared, drain_s=3.0, witness_after_per_s=float(RATE))
    assert (judge_stall(seen).outcome is Outcome.BOUNDED_DROPS) is drops


@pytest.mark.parametrize(("after_per_s", "ended"), [(0.0, True), (float(RATE), False), (None, False)])
def test_a_stream_that_has_ended_is_told_and_no_longer_look_is_offered(
    after_per_s: float | None, ended: bool
) -> None:
    silent = (*samples(growth=1.0)[:-1], samples(growth=1.0, idle_s=2.5)[-1])
    seen = observation(samples=silent, witness_after_per_s=after_per_s)
    result = probed(seen)
    told = "\n".join(report_lines(result, "utf-8", verbose=True))
    assert result.stalls[0].figure("stream_ended_s") == (1.5 if ended else None)
    assert ("the stream had ended 1.5 s into the stall" in told) is ended
    assert not (ended and result.further)


@pytest.mark.parametrize(
    ("unread", "late"), [([0, 90_000, 0, 0, 2000], False), ([70_000, 2000, 110_000, 70_000, 110_000], True)]
)
def test_a_witness_that_never_catches_up_may_be_why_memory_grows(unread: list[int], late: bool) -> None:
    assert never_catches_up(unread) is late
