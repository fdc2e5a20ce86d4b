"""What waited during a stall, by when it was sent: a bounded queue holds one end of it."""

from collections.abc import Callable
from random import Random

import pytest
from msgspec.structs import replace

from stallsim.probing.client.message_log import MessageLog
from stallsim.probing.compare.alignment import LogPositions
from stallsim.probing.compare.comparing import compare_streams
from stallsim.probing.compare.kept import NOTHING_KEPT, KeptMessages, find_kept
from stallsim.probing.judging.judge import judge_stall
from stallsim.timeline.probed.comparison import ComparedBy, Comparison
from stallsim.timeline.probed.outcomes import Confidence, Dropped, Finding, Outcome

from .observations import comparison, observation

STALL, WAKE, END, BYTES = 100, 1100, 1200, 600


def compared(kept: Callable[[int], bool], *, own: bool) -> Comparison:
    """Of messages 100 to 1,100 those came after the wake that ``kept`` names; all others came at once.

    ``own``: each client's messages have contents of their own, after a running number.
    """
    witness, stalled = MessageLog(), MessageLog()
    for log, seed in ((witness, 0), (stalled, END if own else 0)):
        for number in range(END):
            if log is witness or not STALL <= number < WAKE or kept(number - STALL):
                log.add([b"%08d " % number + Random(seed + number).randbytes(BYTES)])
            if number == STALL - 1:
                chunks_at_stall = len(log.chunks.digests)
    marks = LogPositions(STALL, STALL, WAKE, STALL)
    at_wake = len(witness.chunks.digests) * WAKE // END
    chunks = LogPositions(chunks_at_stall, chunks_at_stall, at_wake, chunks_at_stall)
    return compare_streams(witness, stalled, marks, chunks, draining=False)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    ("kept", "evenly"),
    [
        (lambda number: number % 2 == 0, True),
        (lambda number: number % 10 == 0, True),
        (lambda number: number < 200 or number % 3 == 0, True),
        (lambda number: number < 400 or number % 50 == 0, True),
        (lambda number: number < 400 or number in (500, 900), False),
        (lambda number: number < 700, False),
        (lambda number: number >= 300, False),
        (lambda number: number > 700 and number % 2 == 0, False),
    ],
    ids=[
        "every second",
        "every tenth",
        "at first all",
        "at first all, then few",
        "the first, and two more",
        "the first",
        "the latest",
        "the latest of some keys",
    ],
)
def test_only_what_is_from_every_part_of_the_stall_shows_no_bound(
    kept: Callable[[int], bool], evenly: bool, own: bool
) -> None:
    found = compared(kept, own=own)
    assert found.kind is (ComparedBy.NUMBERED if own else ComparedBy.SHARED)
    assert found.missing
    assert found.kept_evenly is evenly
    assert found.kept_bytes == pytest.approx((BYTES + 9) * sum(map(kept, range(WAKE - STALL))), rel=0.01)


def test_what_had_not_come_when_the_watch_ended_is_not_judged() -> None:
    came = [(place, 10) for place in range(0, 400, 2)]
    assert find_kept(came, 0, 1000) == KeptMessages(2000, evenly=True)
    assert find_kept([*came, (1001, 10)], 0, 1000) == KeptMessages(2000, evenly=False)


def test_a_few_messages_show_nothing() -> None:
    assert find_kept([(5, 100)], 5, 8) == NOTHING_KEPT
    assert find_kept([], 0, 100) == NOTHING_KEPT


@pytest.mark.parametrize(
    ("kept_bytes", "evenly", "dropped", "stall", "outcome", "confidence"),
    [
        (62_000_000, True, Dropped.CONFLATED, "stop-reading", Outcome.GROWTH, Confidence.MEDIUM),
        (5_000_000, True, None, "stop-reading", Outcome.GROWTH, Confidence.LOW),
        (80_000_000, True, None, "stop-reading", Outcome.UNBOUNDED_GROWTH, Confidence.HIGH),
        (62_000_000, False, None, "stop-reading", Outcome.BOUNDED_DROPS, Confidence.HIGH),
        (62_000_000, True, Dropped.OLDEST, "stop-reading", Outcome.BOUNDED_DROPS, Confidence.HIGH),
        (1_000_000, True, None, "stop-reading", Outcome.BOUNDED_DROPS, Confidence.LOW),
        (1_000_000, False, None, "stop-reading", Outcome.BOUNDED_DROPS, Confidence.HIGH),
        (62_000_000, True, None, "slow-reader", Outcome.BOUNDED_DROPS, Confidence.HIGH),
    ],
)
def test_a_server_that_drops_a_part_and_keeps_the_rest_has_no_bound(
    kept_bytes: int,
    evenly: bool,
    dropped: Dropped | None,
    stall: str,
    outcome: Outcome,
    confidence: Confidence,
) -> None:
    """As of a server that beyond 1 MiB queues every second message: bounded-drops (high) was said."""
    drops = replace(comparison(missing=5000, dropped=dropped), kept_bytes=kept_bytes, kept_evenly=evenly)
    judged = judge_stall(observation(stall, comparison=drops))
    assert (judged.outcome, judged.confidence) == (outcome, confidence)
    assert judged.drops_a_part is (outcome is not Outcome.BOUNDED_DROPS)
    assert (Finding.DROPS_SILENTLY in judged.findings) is (outcome is Outcome.BOUNDED_DROPS)
