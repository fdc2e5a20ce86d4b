"""Numbers that a server counts for each client: when it makes a message, or when it sends it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from random import Random

import pytest

from stallsim.probing.client.message_log import MessageLog
from stallsim.probing.compare.alignment import LogPositions
from stallsim.probing.compare.comparing import compare_streams
from stallsim.probing.compare.rising_numbers import content_reader, number_at, rising_fields
from stallsim.probing.judging.judge import judge_stall
from stallsim.timeline.probed.comparison import ComparedBy, Comparison
from stallsim.timeline.probed.outcomes import Confidence, Dropped, Outcome

from .observations import comparison, observation, samples

JOIN, STALL, WAKE, END = 60, 200, 1000, 1200
"""Moments, in messages of the witness: it has been connected from the first one."""
SENT = 250
"""The first moment whose message a server did not send to the stalled client in the stall."""
WAITED = [*range(JOIN, SENT), *range(WAKE, END)]
"""The moments of the stalled client's messages if the server makes none for it, or drops the newest."""
DROPPED_OLDEST = [*range(JOIN, SENT), *range(WAKE - 100, END)]
MARKS = LogPositions(STALL, STALL - JOIN, WAKE, STALL - JOIN + 10, JOIN)
FROM_THE_START = LogPositions(STALL, 0, WAKE, 0, JOIN)
BEGAN_S, EACH_S = 1_764_000_000.0, 0.004
Form = Callable[[str, int, int], str]
"""The message of a client, with its own number, that is made at a moment."""


def noise(*of: object) -> str:
    return Random(repr(of)).randbytes(40).hex()


def made_at(moment: int, who: str = "") -> float:
    """The time of a message in seconds; each client's are made a little later than the other's."""
    return BEGAN_S + moment * EACH_S + (0.0007 if who == "b" else 0.0)


def broadcast(_: str, number: int, moment: int) -> str:
    return f'{{"n": {number}, "text": "{noise(moment)}"}}'


def named(who: str, number: int, moment: int) -> str:
    return f'{{"to": "user-{who}", "n": {number}, "at": {made_at(moment):.3f}, "text": "{noise(moment)}"}}'


def binary(_: str, number: int, moment: int) -> str:
    return "".join(map(chr, number.to_bytes(4, "big"))) + "\x00" * 36 + noise(moment)


def own_with_time(who: str, number: int, moment: int) -> str:
    return f"{number:012d} {made_at(moment, who):.6f} {noise(who, moment)}"


def own_with_date(who: str, number: int, moment: int) -> str:
    date = datetime.fromtimestamp(made_at(moment, who), UTC).isoformat(timespec="microseconds")
    return f'{{"n": {number}, "at": "{date}", "text": "{noise(who, moment)}"}}'


def own_without_time(who: str, number: int, moment: int) -> str:
    return f'{{"n": {number}, "text": "{noise(who, moment)}"}}'


def number_and_time(_: str, number: int, moment: int) -> str:
    return f'{{"n": {number}, "ms": {round(made_at(moment) * 1000)}, "pad": "{"x" * 200}"}}'


def number_alone(_: str, number: int, __: int) -> str:
    return f'{{"n": {number}, "pad": "{"x" * 200}"}}'


def one_number(who: str, _: int, moment: int) -> str:
    return f'{{"n": {moment}, "text": "{noise(who, moment)}"}}'


def one_file(_: str, number: int, __: int) -> str:
    return f'{{"n": {number}, "text": "{noise(number)}"}}'


def log(form: Form, who: str, moments: Iterable[int]) -> MessageLog:
    made = MessageLog()
    made.add([form(who, number, moment).encode("latin-1") for number, moment in enumerate(moments)])
    return made


def compared(form: Form, moments: Iterable[int], marks: LogPositions = MARKS) -> Comparison:
    chunks = LogPositions(0, 0, 0, 0)
    return compare_streams(
        log(form, "a", range(END)), log(form, "b", moments), marks, chunks, draining=False
    )


@pytest.mark.parametrize("form", [broadcast, named, binary])
@pytest.mark.parametrize("marks", [MARKS, FROM_THE_START], ids=["it read first", "it read nothing"])
@pytest.mark.parametrize(
    ("moments", "missing", "which"),
    [(WAITED, WAKE - SENT, Dropped.NEWEST), (DROPPED_OLDEST, WAKE - 100 - SENT, Dropped.OLDEST)],
    ids=["newest", "oldest"],
)
def test_what_is_dropped_of_a_common_stream_is_found_by_its_content(
    form: Form, marks: LogPositions, moments: list[int], missing: int, which: Dropped
) -> None:
    """The numbers have no gap: the server counts for each client what it sends."""
    found = compared(form, moments, marks)
    assert (found.kind, found.missing, found.dropped) == (ComparedBy.BESIDE_NUMBERS, missing, which)
    assert judge_stall(observation(comparison=found, samples=samples())).outcome is Outcome.BOUNDED_DROPS


@pytest.mark.parametrize("marks", [MARKS, FROM_THE_START], ids=["it read first", "it read nothing"])
@pytest.mark.parametrize("form", [own_with_time, own_with_date])
def test_a_time_in_each_clients_own_messages_shows_that_none_was_made(
    form: Form, marks: LogPositions
) -> None:
    found = compared(form, WAITED, marks)
    assert (found.kind, found.missing, found.may_hide_gaps) == (ComparedBy.NUMBERED, 0, False)


@pytest.mark.parametrize("stalled_stall", [20, 0])
def test_a_time_is_found_in_a_few_messages(stalled_stall: int) -> None:
    """Of trio-websocket on a busy machine, whose client had 125 messages in all."""
    marks = LogPositions(STALL, stalled_stall, WAKE, stalled_stall, STALL - 20)
    found = compared(own_with_time, [*range(STALL - 20, STALL + 30), *range(END - 75, END)], marks)
    assert (found.kind, found.may_hide_gaps) == (ComparedBy.NUMBERED, False)


def test_what_was_made_before_the_wake_and_comes_after_a_jump_of_the_time_was_not_made_in_order() -> None:
    assert compared(own_with_time, DROPPED_OLDEST).may_hide_gaps


@pytest.mark.parametrize(
    ("form", "kind", "hides"),
    [
        (own_without_time, ComparedBy.NUMBERED, True),
        (number_and_time, ComparedBy.NUMBERED, True),
        (number_alone, ComparedBy.SHARED, True),
        (one_file, ComparedBy.SHARED, False),
    ],
    ids=["no time", "one time for both", "the number alone", "content that goes on"],
)
def test_a_number_of_each_clients_own_may_hide_what_is_dropped(
    form: Form, kind: ComparedBy, hides: bool
) -> None:
    found = compared(form, WAITED)
    assert (found.kind, found.missing, found.may_hide_gaps) == (kind, 0, hides)


def test_a_number_of_its_own_is_no_time_however_much_comes_after_the_wake() -> None:
    soon = LogPositions(STALL, STALL - JOIN, SENT + 20, STALL - JOIN + 10, JOIN)
    moments = [*range(JOIN, SENT), *range(SENT + 20, END)]
    assert compared(own_without_time, moments, soon).may_hide_gaps
    assert not compared(own_with_time, moments, soon).may_hide_gaps


def test_numbers_that_both_clients_have_at_one_moment_hide_nothing() -> None:
    late = [*range(JOIN, JOIN + 400)]
    for marks in (MARKS, FROM_THE_START):
        assert not compared(one_number, late, marks).may_hide_gaps
    assert compared(one_number, WAITED).missing == WAKE - SENT


@pytest.mark.parametrize(
    ("hides", "outcome", "confidence"),
    [
        (True, Outcome.BACKPRESSURE_ISOLATED, Confidence.LOW),
        (False, Outcome.BACKPRESSURE_ISOLATED, Confidence.MEDIUM),
    ],
)
@pytest.mark.parametrize("own", [False, True], ids=["messages of its own", "the same messages"])
def test_numbers_that_may_hide_what_is_dropped_decide_with_low_confidence(
    hides: bool, outcome: Outcome, confidence: Confidence, own: bool
) -> None:
    kind = ComparedBy.SHARED if own else ComparedBy.NUMBERED
    told = comparison(kind, own=own, lag_end=12_000, may_hide_gaps=hides)
    judged = judge_stall(observation(comparison=told, samples=samples()))
    assert (judged.outcome, judged.confidence) == (outcome, confidence)
    assert ("a message that it dropped leaves no gap" in judged.because) is hides


def test_what_rises_is_a_number_or_a_time_and_nothing_else() -> None:
    marks = [own_with_date("a", number, number).encode() for number in range(100)]
    assert rising_fields(marks) == {0, 1}
    assert number_at(1, marks[10]) == pytest.approx(made_at(10, "a"), abs=1e-5)
    assert number_at(90, marks[0]) is None
    content_of = content_reader(marks)
    assert content_of is not None
    assert content_of(marks[7]).decode() == f'{{"n": , "at": "+00:00", "text": "{noise("a", 7)}"}}'
    assert content_reader([noise(number).encode() for number in range(100)]) is None
    assert rising_fields([]) == frozenset()
