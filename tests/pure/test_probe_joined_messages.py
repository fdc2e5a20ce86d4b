"""Messages that a server joins or sends in a smaller form are missing as messages, and not as content."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from stallsim.probing.client.message_log import MessageLog
from stallsim.probing.compare.alignment import LogPositions
from stallsim.probing.compare.comparing import compare_streams
from stallsim.probing.judging.facts import facts_of
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.report.held import held_by
from stallsim.timeline.probed.comparison import ComparedBy, Comparison
from stallsim.timeline.probed.outcomes import Confidence, Dropped, Outcome

from .observations import KERNEL, MB, RATE, USUAL_MEMORY, blocked, comparison, observation, samples

STALL, WAKE, END = 400, 1400, 1800
PADDING = bytes(
    Random(1).choices(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/", k=4000)
)


def record(number: int) -> bytes:
    """Most of each message is the same in all of them."""
    return b'{"n":%d,"pad":"%s"}' % (number, PADDING[number % 500 : number % 500 + 3000])


def lines(messages: Sequence[bytes]) -> bytes:
    return b"\n".join(messages)


def array(messages: Sequence[bytes]) -> bytes:
    return b"[" + b", ".join(messages) + b"]"


def joined(messages: Sequence[bytes], join: Callable[[Sequence[bytes]], bytes], most: int) -> list[bytes]:
    return [join(messages[place : place + most]) for place in range(0, len(messages), most)]


def logged(*parts: Sequence[bytes]) -> tuple[MessageLog, list[int], list[int]]:
    """A log of all parts, and the numbers of messages and chunks after each part."""
    log, messages, chunks = MessageLog(), [], []
    for part in parts:
        for message in part:
            log.feed(message, finished=True)
        messages.append(log.messages)
        chunks.append(len(log.chunks.digests))
    return log, messages, chunks


def compared(join: Callable[[Sequence[bytes]], bytes], kept: range, *, most: int) -> Comparison:
    """Both clients receive each message until the stall; then the waiting ones come joined, up to ``most``
    in one, and those of ``kept`` only.
    """
    made = [record(number) for number in range(END)]
    waited = [made[number] for number in range(STALL, WAKE) if number in kept]
    witness, own, own_chunks = logged(made[:STALL], made[STALL:WAKE], made[WAKE:])
    stalled, other, other_chunks = logged(made[:STALL], joined(waited, join, most), made[WAKE:])
    marks, chunks = (
        LogPositions(one[0], two[0], one[1], two[0])
        for one, two in ((own, other), (own_chunks, other_chunks))
    )
    return compare_streams(witness, stalled, marks, chunks, draining=False)


@pytest.mark.parametrize("most", [20, 2000])
@pytest.mark.parametrize("join", [lines, array])
def test_joined_messages_are_compared_by_their_contents(
    join: Callable[[Sequence[bytes]], bytes], most: int
) -> None:
    """A server that keeps everything, and sends it as one JSON array, was said to drop with certainty."""
    found = compared(join, range(END), most=most)
    assert (found.kind, found.missing, found.lag_end) == (ComparedBy.BYTES, 0, 0)


@pytest.mark.parametrize("join", [lines, array])
def test_what_was_dropped_before_the_rest_was_joined_is_missing(
    join: Callable[[Sequence[bytes]], bytes],
) -> None:
    found = compared(join, range(WAKE - 300, WAKE), most=50)
    assert found.kind is ComparedBy.BYTES
    assert found.missing == pytest.approx(WAKE - STALL - 300, rel=0.02)
    assert found.waited == pytest.approx(300, rel=0.05)


def test_messages_in_a_form_that_is_not_known_are_counted() -> None:
    def in_digits(messages: Sequence[bytes]) -> bytes:
        return (
            b"a[" + b",".join(b'"%s"' % one.replace(b'"', b'\\"').hex().encode() for one in messages) + b"]"
        )

    found = compared(in_digits, range(END), most=20)
    assert (found.kind, found.missing) == (ComparedBy.SHARED, WAKE - STALL)
    assert found.notices == 50
    assert found.notices_bytes > 3000 * (WAKE - STALL)
    assert found.missing_may_be_others


OTHERS = {
    "about as large": {"notices": 8, "notices_bytes": 5 * MB},
    "as many, and smaller": {"notices": 5000, "notices_bytes": MB // 2},
}


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(
    ("growth", "fresh", "outcome"),
    [
        (1.0, True, Outcome.GROWTH),
        (1.0, False, Outcome.BOUNDED_DROPS),
        (0.1, True, Outcome.BOUNDED_DROPS),
    ],
)
def test_messages_that_may_have_come_in_another_form_are_not_surely_dropped(
    others: dict[str, Any], growth: float, fresh: bool, outcome: Outcome
) -> None:
    drops = replace(comparison(missing=5000, dropped=Dropped.NEWEST), **others)
    seen = observation(comparison=drops, samples=samples(growth=growth), fresh=fresh)
    judged = judge_stall(seen)
    assert (judged.outcome, judged.confidence) == (outcome, Confidence.LOW)
    limits = held_by(seen, facts_of(seen), judged)
    assert limits.at_most is None or limits.at_most >= seen.refused_bytes


def test_a_notice_of_what_was_dropped_is_no_other_form_of_it() -> None:
    drops = comparison(missing=5000, dropped=Dropped.NEWEST, notices=3, notices_bytes=300)
    judged = judge_stall(observation(comparison=drops))
    assert (judged.outcome, judged.confidence) == (Outcome.BOUNDED_DROPS, Confidence.HIGH)


def test_no_more_was_kept_than_came() -> None:
    """Each message waited as a tenth of it, and all of the witness's bytes were said to be held."""
    numbered = comparison(ComparedBy.NUMBERED, kept_bytes=KERNEL + 2 * MB)
    judged = judge_stall(observation(comparison=numbered, beyond_bytes=5 * MB))
    assert (judged.outcome, judged.kept_bytes) == (Outcome.GROWTH, 2 * MB)
    judged = judge_stall(observation(beyond_bytes=5 * MB))
    assert judged.kept_bytes == 5 * MB
    tiny = replace(numbered, kept_bytes=KERNEL + MB)
    judged = judge_stall(observation(comparison=tiny, beyond_bytes=5 * MB))
    assert (judged.outcome, judged.kept_bytes) == (Outcome.GROWTH, MB)


@pytest.mark.parametrize(
    ("beyond_bytes", "outcome"), [(12 * MB, Outcome.GROWTH), (2 * MB, Outcome.INCONCLUSIVE)]
)
def test_bytes_that_did_not_come_are_not_said_to_be_the_same(beyond_bytes: int, outcome: Outcome) -> None:
    """The streams were aligned by a part of their bytes, and the server had dropped most of them."""
    seen = observation(comparison=comparison(ComparedBy.BYTES), beyond_bytes=beyond_bytes)
    assert judge_stall(seen).outcome is outcome


def test_no_less_than_nothing_was_held() -> None:
    """A server that blocked all clients held fewer bytes than both kernels."""
    seen = blocked(comparison=comparison(kept_bytes=KERNEL // 2), beyond_bytes=0)
    assert held_by(seen, facts_of(seen), judge_stall(seen)).number == 0


def test_what_is_missing_was_not_kept_and_the_stream_after_the_wake_is_no_part_of_it() -> None:
    """A part is usually missing; 31 MB of the stream came after the wake."""
    some = comparison(missing=1000, missing_usual=0.2, lag_end=9000, draining=True)
    judged = judge_stall(observation(comparison=some, beyond_bytes=31 * MB))
    assert (judged.outcome, judged.kept_bytes) == (Outcome.GROWTH, 11 * MB)


@pytest.mark.parametrize(("share", "all_was_made"), [(1.0, True), (3.0, False)])
def test_what_a_late_witness_catches_up_with_was_not_made_in_the_stall(
    share: float, all_was_made: bool
) -> None:
    late = samples(1.0, share=share, growth=1.0)
    judged = judge_stall(observation(samples=late, stalled_s=1.0))
    excess = late[-1].witness_bytes - round(1.25 * RATE)
    assert judged.kept_bytes == (12 * MB if all_was_made else 12 * MB - excess)


@pytest.mark.parametrize(
    ("growth_until_s", "fresh", "confidence"),
    [(4.0, True, Confidence.LOW), (2.0, True, Confidence.HIGH), (4.0, False, Confidence.HIGH)],
)
def test_a_server_that_keeps_all_at_the_end_of_the_stall_has_shown_no_bound(
    growth_until_s: float, fresh: bool, confidence: Confidence
) -> None:
    """It dropped at first; memory grew with the refused bytes from then on."""
    kept = comparison(missing=3000, dropped=Dropped.OLDEST, kept_bytes=9 * MB)
    looks = tuple(
        replace(one, memory_bytes=USUAL_MEMORY + round(RATE * min(one.at_s, growth_until_s)))
        for one in samples()
    )
    judged = judge_stall(observation(comparison=kept, samples=looks, fresh=fresh))
    assert (judged.outcome, judged.confidence) == (Outcome.BOUNDED_DROPS, confidence)
