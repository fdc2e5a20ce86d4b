"""How much a server that drops is said to have held, and when a stream is said to have ended."""

from typing import Any

import pytest
from msgspec.structs import replace

from stallsim.probing.compare.gaps import count_waited
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.report import report_of
from stallsim.probing.report.rows import row_of
from stallsim.probing.report.summary import summarize_probe
from stallsim.probing.report.thresholds import Thresholds
from stallsim.probing.report.wording import report_lines
from stallsim.probing.trial.after_vanish import never_catches_up, unread_of_before
from stallsim.timeline.probed.comparison import ComparedBy
from stallsim.timeline.probed.outcomes import Dropped, Finding, Outcome
from stallsim.timeline.probed.result import ProbeResult

from .observations import KERNEL, MB, MESSAGE, RATE, changed, closed, comparison, observation, samples

LIMIT = 8 * MB


def probed(seen: Observation) -> ProbeResult:
    return summarize_probe("ws://127.0.0.1:1/", "", [report_of(seen, judge_stall(seen))], 3.0, "")


def dropping(
    waited: int, late: int = 0, growth: float = 0.0, dropped: Dropped = Dropped.NEWEST
) -> Observation:
    """Of 12,000 messages 11,000 are missing by the wake, and ``waited`` came after it."""
    compared = comparison(missing=11_000 + late, missing_late=late, waited=waited, dropped=dropped)
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
    waited = 800 * MESSAGE - KERNEL
    assert (report.held_bytes, report.held_bytes_min, report.held_bytes_max) == (waited, waited, waited)


def test_a_ring_that_all_share_does_not_grow_and_holds_more_than_came() -> None:
    """Who is behind it jumps to its oldest message, at the wake and again while it reads slowly."""
    for late, least in ((0, False), (80, True), (900, True)):
        (report,) = probed(dropping(waited=800, late=late, dropped=Dropped.OLDEST)).stalls
        assert report.held_bytes_min == 800 * MESSAGE - KERNEL
        assert report.held_bytes_max == (12 * MB if least else report.held_bytes_min)


def test_of_a_large_message_the_rest_waited_too() -> None:
    """4 MB each 2 s, the latest alone is kept: the rest of the one that was being sent is not counted."""
    for size, bound in ((4e6, "at most ~4.0 MB"), (1e5, "at most ~100 kB"), (100.0, "at most ~100 B")):
        compared = comparison(missing=24, waited=0, message_bytes=size)
        (report,) = probed(observation(comparison=compared, samples=samples())).stalls
        assert (report.held_bytes, row_of(report).bound) == (0, bound)


@pytest.mark.parametrize("still", [True, False])
def test_who_is_ended_while_a_snapshot_still_came_had_more_waiting(still: bool) -> None:
    (report,) = probed(observation(end=closed(2.0), beyond_bytes=0, still_joining=still)).stalls
    assert row_of(report).bound == ("not known" if still else "at most ~12.0 MB")
    (unread,) = probed(observation("zero-window", end=closed(2.0), beyond_bytes=3 * MB)).stalls
    assert row_of(unread).bound == "at least ~3.0 MB"


def test_the_rate_of_a_snapshot_that_still_comes_is_no_measure_of_starving() -> None:
    """60 MB came at 14 MB/s, then a stream of 1 MB/s until the server ended the stalled client."""
    slow = observation(end=closed(3.9), samples=samples(share=0.07), witness_after_per_s=None)
    assert judge_stall(slow).findings == (Finding.STARVES_OTHERS,)
    joining = changed(slow, still_joining=True)
    assert judge_stall(joining).findings == ()
    assert "that the server sends on joining, and not that of the stream" in " ".join(
        probed(joining).stalls[0].evidence
    )


def test_what_waited_before_the_stall_is_counted_once() -> None:
    """A client that was behind when it stalled is owed the end of the stream until then; it came later."""
    seen = dropping(waited=800)
    counted = replace(seen.record.comparison, joining_bytes=0)
    behind = changed(seen, joining_bytes=300_000, comparison=counted)
    assert probed(behind).stalls[0].held_bytes == 800 * MESSAGE - KERNEL


def test_a_heap_that_grows_faster_than_the_stream_of_that_time_is_no_leak() -> None:
    """Before the stall the server was catching up at four times its stream."""
    after = {"gone_s": 5.0, "after_withheld_s": 0.0, "growth_after_close_per_s": 4.0 * RATE}
    usual = observation("vanishing", witness_after_per_s=float(RATE), **after)
    assert judge_stall(usual).findings == (Finding.LEAKS_AFTER_CLOSE,)
    assert judge_stall(changed(usual, witness_after_per_s=0.25 * RATE)).findings == ()


def test_beside_a_witness_that_caught_up_itself_a_late_stream_is_not_said_to_wait() -> None:
    compared = comparison(ComparedBy.NUMBERED, lag_end=12_000)
    late = observation(comparison=compared, samples=samples(growth=3.5))
    assert judge_stall(late).outcome is Outcome.BACKPRESSURE_ISOLATED
    assert judge_stall(changed(late, witness_after_per_s=3.7 * RATE)).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("late", "growth", "least"), [(0, 0.1, False), (900, 0.0, False), (900, 1.0, True), (0, 1.0, True)]
)
def test_what_was_dropped_after_the_wake_may_have_waited(late: int, growth: float, least: bool) -> None:
    """A queue of the latest 48 MB, emptied more slowly than it is filled, loses all of them then. Memory
    that grew by 12 MB shows that more than 100 kB waited at times, even if nothing is missing later.
    """
    result = probed(dropping(waited=800, late=late, growth=growth))
    (report,) = result.stalls
    assert report.outcome is Outcome.BOUNDED_DROPS
    assert row_of(report).bound == ("between ~100 kB and ~12.0 MB" if least else "~100 kB at the wake")
    limited = Thresholds(max_queue_bytes=LIMIT).apply(result)
    assert bool(limited.untested) is least
    assert not limited.violations


def test_who_empties_its_queue_at_a_limit_held_more_than_came() -> None:
    """It gave the client up at 4 MB, emptied its queue, and put a Close behind the 66 kB of its buffer."""
    end = closed(None, "close", 1013)
    up: dict[str, Any] = {"comparison": comparison(lag_end=11_000), "end": end, "beyond_bytes": 66_000}
    for growth, bound in ((0.3, "between ~66.0 kB and ~12.0 MB"), (0.0, "~66.0 kB at the wake")):
        (report,) = probed(observation(samples=samples(growth=growth), **up)).stalls
        assert (report.outcome, row_of(report).bound) == (Outcome.BOUNDED_DROPS, bound)
        assert ("the queue may have been larger before" in report.evidence[-1]) is (growth > 0)


def test_memory_that_grows_anyway_shows_no_queue() -> None:
    """The server keeps a history of its stream, and drops beyond 100 kB."""
    seen = dropping(waited=800, growth=1.0)
    history = replace(seen.record.baseline, memory_per_s=float(RATE))
    (report,) = probed(changed(seen, baseline=history)).stalls
    assert row_of(report).bound == "~100 kB at the wake"


def test_a_slow_reader_may_be_overtaken_after_its_wake() -> None:
    """Of 7.3 MB that waited, messages that became too old while it read on were dropped: 3.5 MB came."""
    compared = comparison(missing=628, waited=670, dropped=Dropped.OLDEST, message_bytes=6042.0)
    slow = observation("slow-reader", comparison=compared, samples=samples())
    (report,) = probed(slow).stalls
    assert row_of(report).bound == "between ~3.3 MB and ~12.0 MB"


def test_what_had_not_come_when_the_connection_ended_did_not_wait() -> None:
    compared = comparison(missing=1135, waited=3640, lag_end=281, dropped=Dropped.CONFLATED)
    seen = observation(end=closed(None), beyond_bytes=1_100_000, comparison=compared, samples=samples())
    (report,) = probed(changed(seen, refused_bytes=12 * MB)).stalls
    assert (report.outcome, report.held_bytes) == (Outcome.BOUNDED_DROPS, 1_100_000)


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


def test_a_stream_whose_end_came_late_has_ended_too() -> None:
    """On a busy machine the last of it came at the end of the stall, and nothing in 15 s after the wake."""
    seen = observation(witness_after_per_s=0.0, drain_s=15.0, drain_gap_s=15.0, drain_net_gap_s=6.0)
    assert probed(seen).stalls[0].figure("stream_ended_s") == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize(
    ("unread", "late"), [([0, 90_000, 0, 0, 2000], False), ([70_000, 2000, 110_000, 70_000, 110_000], True)]
)
def test_a_witness_that_never_catches_up_may_be_why_memory_grows(unread: list[int], late: bool) -> None:
    assert never_catches_up(unread) is late


@pytest.mark.parametrize(
    ("beyond", "cut_short", "waits"),
    [(8 * MB, False, True), (8 * MB, True, False), (12 * MB, False, False)],
)
def test_an_end_waited_only_behind_a_queue_that_had_stopped_growing(
    beyond: int, cut_short: bool, waits: bool
) -> None:
    """A server that ends who is behind for 4 s ended one in its drain: it had queued for it until then, or
    threw its queue away within a message."""
    end = replace(closed(None, "fin", None), cut_short=cut_short)
    seen = observation(end=end, beyond_bytes=beyond, comparison=comparison(lag_end=4000))
    judged = judge_stall(seen)
    assert (Finding.CLOSE_WAITS in judged.findings) is waits
    assert judged.outcome is (Outcome.BOUNDED_DROPS if waits else Outcome.DISCONNECTS)


def test_a_close_that_came_after_a_server_had_blocked_everybody_had_waited() -> None:
    """uvicorn gave its client up after 40 s of blocking: what the witness was given until then is next to
    nothing, and came. Its Close was behind it all the while."""
    blocked = samples(share=2600 / (4 * RATE), idle_s=41.5)
    end = closed(None, "close", 1011)
    seen = observation(end=end, beyond_bytes=75_000, refused_bytes=2600, samples=blocked)
    judged = judge_stall(seen)
    assert Finding.CLOSE_WAITS in judged.findings
    assert judged.outcome is Outcome.BLOCKS_EVERYONE


def test_what_came_since_the_last_look_is_unread_on_a_busy_machine_and_no_backlog() -> None:
    last = replace(samples()[5], witness_rcvq_bytes=40_000)
    busy = replace(last, witness_bytes=last.witness_bytes + 120_000, witness_rcvq_bytes=120_000)
    assert unread_of_before(last, busy) == 0
    behind = replace(last, witness_bytes=last.witness_bytes + 50_000, witness_rcvq_bytes=300_000)
    assert unread_of_before(last, behind) == 250_000
