"""The wake test on tapes made by hand: which messages came, which are missing, which were never made."""

from collections.abc import Iterable
from random import Random
from typing import Literal
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.probing.client import byte_chunks
from stallsim.probing.client.byte_chunks import ByteChunks
from stallsim.probing.client.message_log import CUT, HEAD_BYTES, TAIL_BYTES, MessageLog
from stallsim.probing.compare.alignment import LogPositions
from stallsim.probing.compare.comparing import compare_streams as compare_by
from stallsim.probing.compare.matching import match
from stallsim.probing.compare.sequence_numbers import find_numbering
from stallsim.timeline.probed.comparison import ComparedBy, Comparison
from stallsim.timeline.probed.outcomes import Dropped

STALL, WAKE, END = 100, 500, 600
MARKS = LogPositions(STALL, STALL, WAKE, STALL)


def log(messages: Iterable[str]) -> MessageLog:
    made = MessageLog()
    for text in messages:
        made.feed(text.encode(), finished=True)
    return made


def shared(numbers: Iterable[int]) -> list[str]:
    return [f"message {number} of all" for number in numbers]


def compare(witness: MessageLog, stalled: MessageLog, marks: LogPositions, *, draining: bool) -> Comparison:
    """No log here is long enough for chunks to matter, unless a test says so."""
    return compare_by(witness, stalled, marks, LogPositions(0, 0, 0, 0), draining=draining)


def positions(moments: Iterable[int]) -> LogPositions:
    stall, own_stall, wake, own_wake, *join = moments
    return LogPositions(stall, own_stall, wake, own_wake, sum(join))


WITNESS = log(shared(range(END)))


@pytest.mark.parametrize(
    ("given_numbers", "missing", "lag_end", "dropped"),
    [
        (range(END), 0, 0, None),
        ([*range(200), *range(WAKE, END)], 300, 0, Dropped.NEWEST),
        ([*range(200), *range(WAKE + 3, END)], 303, 0, Dropped.NEWEST),
        ([*range(200), *range(400, END)], 200, 0, Dropped.OLDEST),
        ([*range(200), *range(400, 430), *range(450, END)], 220, 0, Dropped.OLDEST),
        ([*range(200), *range(WAKE - 1, END)], 299, 0, None),
        ([*range(200), *range(WAKE - 7, END)], 293, 0, None),
        ([*range(200), 250, 300, 450, *range(WAKE, END)], 297, 0, None),
        ([*range(200), *range(230, WAKE, 30), *range(WAKE, END)], 291, 0, Dropped.CONFLATED),
        ([*range(200), 300, *range(WAKE, END)], 299, 0, Dropped.NEWEST),
        (range(250), 0, 350, None),
    ],
)
def test_a_shared_stream(
    given_numbers: Iterable[int], missing: int, lag_end: int, dropped: Dropped | None
) -> None:
    compared = compare(WITNESS, log(shared(given_numbers)), MARKS, draining=False)
    assert compared.kind is ComparedBy.SHARED
    assert (compared.missing, compared.lag_end, compared.dropped) == (missing, lag_end, dropped)
    assert compared.lag_wake == WAKE - STALL


def test_messages_that_are_all_alike_are_only_counted_though_their_bytes_would_match_anywhere() -> None:
    """Dropped or not produced: repeated bytes have no place in the stream."""
    witness, stalled = (log(["tick ".ljust(6600, "x")] * count) for count in (END, 300))
    chunks = positions(len(one.chunks.digests) // 6 for one in (witness, stalled, witness, stalled))
    compared = compare_by(witness, stalled, MARKS, chunks, draining=False)
    assert (compared.kind, compared.distinct, compared.missing) == (ComparedBy.COUNTED, False, None)


def test_a_client_that_joined_later_is_not_behind() -> None:
    late = log(shared(range(60, END)))
    compared = compare(WITNESS, late, LogPositions(STALL, STALL - 60, WAKE, STALL - 60), draining=False)
    assert (compared.missing, compared.lag_end, compared.missing_usual) == (0, 0, 0)


@pytest.mark.parametrize(("first", "own"), [(0, True), (60, False)])
def test_a_stream_of_its_own_may_be_of_the_same_messages(first: int, own: bool) -> None:
    late = log(shared(range(first, first + 250)))
    marks = LogPositions(STALL, STALL - 60, WAKE, STALL - 60, 60)
    compared = compare(WITNESS, late, marks, draining=False)
    assert (compared.kind, compared.own, compared.same) == (ComparedBy.SHARED, own, not own)


@pytest.mark.parametrize("read", [0, 10])
def test_the_latest_messages_that_are_sent_on_joining_are_no_stream_of_its_own(read: int) -> None:
    """Of a history of 60 messages the client that joined 20 messages later is sent those that are 20 newer,
    and is still behind when the stall begins."""
    late = log(shared(range(20, END)))
    compared = compare(WITNESS, late, LogPositions(STALL, read, WAKE, read, 80), draining=False)
    assert (compared.kind, compared.same) == (ComparedBy.SHARED, True)
    assert (compared.missing, compared.lag_end) == (0, 0)


@pytest.mark.parametrize("read", [0, 40])
def test_what_everybody_is_sent_on_joining_is_not_compared(read: int) -> None:
    """A welcome, or a catch-up of 30 messages, the same for all; then the stream from the join on."""
    for welcome in (["welcome"], [f"old {number}" for number in range(30)]):
        early = len(welcome)
        witness = log([*welcome, *shared(range(END))])
        given_numbers = range(STALL - 20, END)
        late = log([*welcome, *shared(given_numbers)])
        stalled_stall = min(read, early + 20) if read else 0
        marks = LogPositions(STALL + early, stalled_stall, WAKE + early, stalled_stall, STALL - 20 + early)
        compared = compare(witness, late, marks, draining=False)
        assert (compared.own, compared.missing, compared.lag_end) == (False, 0, 0)
        assert compared.joining_bytes == sum(map(len, welcome))


@pytest.mark.parametrize(("settled", "missing"), [(True, 40), (False, 0)])
def test_a_snapshot_that_the_witness_still_read_is_no_stream(settled: bool, missing: int) -> None:
    """The other client is sent the same rows, and then what is made from its joining on: what the witness
    was given between these two, late, was made before. Who reads nothing before the wake shows no more."""
    rows = [f"row {number}" for number in range(60)]
    witness, late = log([*rows, *shared(range(END))]), log([*rows, *shared(range(40, END))])
    marks = LogPositions(STALL, 0, WAKE, 0, 30, settled)
    compared = compare(witness, late, marks, draining=False)
    assert (compared.kind, compared.missing, compared.lag_end) == (ComparedBy.SHARED, missing, 0)


def test_what_was_dropped_before_the_stall_did_not_wait() -> None:
    """A queue of a few messages drops some of a client that reads a little late: they are owed no more."""
    late = log(shared([*range(20, 50), *range(80, 95), *range(300, END)]))
    compared = compare(WITNESS, late, LogPositions(STALL, 45, WAKE, 45, 20), draining=False)
    given = sum(map(len, shared([*range(20, 50), *range(80, 95)])))
    assert compared.owed_bytes == given


def test_a_message_that_comes_again_much_later_hides_nothing() -> None:
    status = "status: fine"
    witness = log([*shared(range(550)), status, *shared(range(550, END))])
    late = log([status, *shared(range(60, 550)), status, *shared(range(550, END))])
    compared = compare(witness, late, LogPositions(STALL, 41, WAKE, 41, 60), draining=False)
    assert (compared.kind, compared.missing, compared.joining_bytes) == (ComparedBy.SHARED, 0, len(status))


def records(numbers: Iterable[int]) -> list[str]:
    return [f"MSG {number:09d} {'x' * (50 + number % 7)} {number * 31 % 9973}\r\n" for number in numbers]


@pytest.mark.parametrize(("gap", "missing"), [(0, 0), (2000, 2000)])
def test_frames_that_are_joined_are_compared_by_their_bytes(gap: int, missing: int) -> None:
    """After the wake the same records come, 40 in a frame; with a gap, too, which is found."""
    given_late = records([*range(1000, 3000), *range(3000 + gap, 9000)])
    joined = ["".join(given_late[place : place + 40]) for place in range(0, len(given_late), 40)]
    witness, stalled = log(records(range(12_000))), log([*records(range(100, 1000)), *joined])
    stalled.add([b"".join(one.encode() for one in records(range(9000, 12_000)))])
    marks = LogPositions(1000, 900, 8000, 900, 100)
    size = len(witness.chunks.digests) / 12_000
    chunks = positions(round(mark * size) for mark in marks[:-1])
    compared = compare_by(witness, stalled, marks, chunks, draining=False)
    assert compared.kind is ComparedBy.BYTES
    assert compared.missing is not None
    assert abs(compared.missing - missing) < 60
    assert compared.lag_end < 60


@pytest.mark.parametrize("gap", [1000, 6000])
def test_what_waited_in_a_few_joined_frames_is_not_missing(gap: int) -> None:
    """A queue that is full and drops: the 500 records that it held come as 10 frames, then the stream."""
    held = records(range(1000, 1500))
    joined = ["".join(held[place : place + 50]) for place in range(0, len(held), 50)]
    after = records(range(1500 + gap, 12_000))
    witness, stalled = log(records(range(12_000))), log([*records(range(100, 1000)), *joined, *after])
    wake = 1450 + gap
    marks = LogPositions(1000, 900, wake, 900, 100)
    counted = (len(log(records(range(mark))).chunks.digests) for mark in marks[:-1])
    chunks = positions(counted)
    compared = compare_by(witness, stalled, marks, chunks, draining=False)
    assert compared.kind is ComparedBy.BYTES
    assert compared.missing is not None
    assert abs(compared.missing - gap) < 30
    assert abs(compared.missing_late - 50) < 30


def test_a_message_that_is_missing_here_and_there_is_found_by_bytes_as_well() -> None:
    """What waited comes joined, then every third message, then all of them."""

    def large(numbers: Iterable[int]) -> list[str]:
        return [f"{number:09d} {number * 7919 % 100_003} ".ljust(6000, "x") for number in numbers]

    before, held, after = large(range(50, 200)), large(range(200, 300)), large(range(600, 1200))
    joined = ["".join(held[place : place + 10]) for place in range(0, 100, 10)]
    witness, stalled = (
        log(large(range(1200))),
        log([*before, *joined, *large(range(300, 600, 3)), *after]),
    )
    marks = LogPositions(200, 150, 590, 150, 50)
    counted = (len(log(large(range(mark))).chunks.digests) for mark in marks[:-1])
    compared = compare_by(witness, stalled, marks, positions(counted), draining=False)
    assert compared.kind is ComparedBy.BYTES
    assert compared.missing == pytest.approx(200, abs=10)


def test_what_is_dropped_after_the_wake_was_not_dropped_in_the_stall() -> None:
    """It is emptied as fast as it is filled, and overflows until the end."""
    kept = [*range(200), *range(WAKE - 20, WAKE), *range(WAKE + 60, END)]
    compared = compare(WITNESS, log(shared(kept)), MARKS, draining=False)
    assert (compared.missing, compared.missing_late, compared.missing_until_wake) == (340, 60, 280)


def test_a_client_that_reads_nothing_before_the_stall_is_compared_from_its_first_message_on() -> None:
    mute = log(shared([*range(STALL, 200), *range(WAKE, END)]))
    compared = compare(WITNESS, mute, LogPositions(STALL, 0, WAKE, 0), draining=False)
    assert (compared.missing, compared.dropped) == (300, Dropped.NEWEST)


def test_what_only_the_stalled_client_is_given_is_a_notice() -> None:
    told = log([*shared(range(200)), "you have missed something", *shared(range(WAKE, END))])
    assert compare(WITNESS, told, MARKS, draining=False).notices == 1
    ahead = log(shared([*range(200), *range(WAKE, END + 3)]))
    assert compare(WITNESS, ahead, MARKS, draining=False).notices == 0


@pytest.mark.parametrize("first", [0, 7_000])
@pytest.mark.parametrize(
    ("numbers", "missing", "lag_end", "dropped"),
    [
        (range(END), 0, 0, None),
        (range(250), 0, 350, None),
        ([*range(200), *range(WAKE, END)], 300, 0, Dropped.NEWEST),
        ([*range(200), *range(400, END)], 200, 0, Dropped.OLDEST),
    ],
)
def test_a_stream_of_its_own_with_a_number_in_it(
    first: int, numbers: Iterable[int], missing: int, lag_end: int, dropped: Dropped | None
) -> None:
    form = '{{"to":"{name}","noise":"{noise:x}","seq":{number}}}'
    witness = log(
        form.format(name="9f-1a2b", noise=hash((number, 1)), number=number) for number in range(END)
    )
    own = log(form.format(name="c", noise=hash((number, 2)), number=first + number) for number in numbers)
    compared = compare(witness, own, MARKS, draining=False)
    assert compared.kind is ComparedBy.NUMBERED
    assert (compared.missing, compared.lag_end, compared.dropped) == (missing, lag_end, dropped)


@pytest.mark.parametrize("gap", [0, 200])
def test_numbers_in_frames_that_are_joined_for_both_are_counted_by_their_own_bytes(gap: int) -> None:
    """The witness is given 5 in a frame, the other 4: the one count says nothing of the other."""

    def given_to(name: str, numbers: Iterable[int], together: int) -> MessageLog:
        texts = [f"[{n}, {abs(hash((name, n))) % 10**18:018d}, {'z' * 300}]" for n in numbers]
        later = texts[STALL:]
        frames = ("".join(later[place : place + together]) for place in range(0, len(later), together))
        return log([*texts[:STALL], *frames])

    witness, own = given_to("a", range(END), 5), given_to("b", [*range(200), *range(200 + gap, END)], 4)
    compared = compare(witness, own, LogPositions(STALL, STALL, 180, STALL), draining=False)
    assert (compared.kind, compared.missing) == (ComparedBy.NUMBERED, gap)


def test_numbers_by_which_more_is_missing_than_anybody_was_given_count_no_messages() -> None:
    """NATS cut its frames anywhere: 14 MB were missing of the 2 MB that the witness had been given."""
    witness, own = (
        log(f"[{n}, {abs(hash((name, n))) % 10**18:018d}]" for n in numbers)
        for name, numbers in (("a", range(END)), ("b", [*range(200), *range(50_000, 50_100)]))
    )
    compared = compare(witness, own, MARKS, draining=False)
    assert (compared.kind, compared.missing) == (ComparedBy.COUNTED, None)


def lossy(whose: str, numbers: Iterable[int], text: str) -> list[str]:
    """Every second message comes, by chance."""
    chance = Random(whose)
    return [
        text.format(
            number=number,
            time=1_764_000_000_000 + number * 2 + number % 3,
            own=Random(f"{whose}{number}").randrange(10**9),
        )
        for number in numbers
        if chance.random() < 0.5
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{number:012d} {time} of all", ComparedBy.NUMBERED),
        ("[{time}, {number}]", ComparedBy.NUMBERED),
        ("{time} of all", ComparedBy.COUNTED),
        ("{number:012d} {time} {own}", ComparedBy.COUNTED),
    ],
    ids=["numbered", "a time first", "times alone", "numbers of its own"],
)
def test_two_parts_of_one_numbered_stream_are_laid_beside_each_other(text: str, kind: ComparedBy) -> None:
    """The server drops for the witness, too: half of what the one is given is not the other's."""
    witness = log(lossy("a", range(2000), text))
    stalled = log([*lossy("b", range(200, 600), text), *lossy("b", range(1500, 2000), text)])
    marks = LogPositions(300, 120, 740, 120, 100)
    compared = compare(witness, stalled, marks, draining=False)
    assert compared.kind is kind
    if kind is ComparedBy.NUMBERED:
        assert compared.missing is not None
        assert 380 < compared.missing_until_wake < 480
        assert compared.notices == 0
        assert compared.missing_usual > 0.3


@pytest.mark.parametrize("joined", [STALL, 0])
@pytest.mark.parametrize(
    ("numbers", "missing", "dropped"),
    [
        (range(END), 0, None),
        ([*range(200), *range(WAKE, END)], 300, Dropped.NEWEST),
        ([*range(200), *range(400, END)], 200, Dropped.OLDEST),
    ],
)
def test_one_stream_with_each_clients_name_in_it(
    numbers: Iterable[int], missing: int, dropped: Dropped | None, joined: int
) -> None:
    """No running number in it, and for who read nothing before the stall, names found after it."""
    form = '{{"to":"{name}","t":{time},"price":"{noise}"}}'

    def given_to(name: str, numbers: Iterable[int]) -> MessageLog:
        noise = "z" * 300
        return log(form.format(name=name, time=7000 + 13 * n + n % 5, noise=noise) for n in numbers)

    own = [number for number in numbers if number >= STALL - joined]
    compared = compare(
        given_to("8f14-e45f", range(END)),
        given_to("no", own),
        LogPositions(STALL, joined, WAKE, joined),
        draining=False,
    )
    assert (compared.kind, compared.missing, compared.dropped) == (ComparedBy.ALIKE, missing, dropped)


def test_streams_that_have_nothing_in_common_are_not_taken_for_one() -> None:
    witness, own = (
        log(f"{name} {hash((name, number))} {number // 100}" for number in range(END)) for name in "ab"
    )
    compared = compare(witness, own, MARKS, draining=False)
    assert compared.kind is ComparedBy.COUNTED
    assert compared.distinct


@pytest.mark.parametrize(("count", "lag_end"), [(END, 0), (250, 350)])
def test_messages_that_tell_nothing_are_counted(count: int, lag_end: int) -> None:
    witness, same = log(["tick"] * END), log(["tick"] * count)
    compared = compare(witness, same, MARKS, draining=False)
    assert compared.kind is ComparedBy.COUNTED
    assert not compared.distinct
    assert (compared.missing, compared.lag_end) == (None, lag_end)


@given(st.lists(st.integers(0, 5), max_size=40), st.data())
def test_every_subsequence_is_found(whole: list[int], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(whole), max_size=len(whole)))
    part = [digest for digest, keep in zip(whole, kept, strict=True) if keep]
    found = match(whole, part)
    assert [whole[index] for index in found] == part
    assert found == sorted(set(found))


def heads(form: str, count: int = 20) -> list[bytes]:
    return [form.format(n=number, t=1_700_000_000 + number * number).encode() for number in range(count)]


@pytest.mark.parametrize(
    "form", ['{{"t":{t},"seq":{n}}}', "{n:012d} {t} noise", "42[{n}]", "event-{t}-{n}", "a 7 b {n}"]
)
def test_a_number_in_text_is_found(form: str) -> None:
    found = find_numbering(heads(form))
    assert found is not None
    assert found.stride == 1
    assert [found.read(head) for head in heads(form)] == list(range(20))


@pytest.mark.parametrize("order", ["big", "little"])
@pytest.mark.parametrize("width", [2, 4, 8])
@pytest.mark.parametrize("offset", [0, 3, 12])
def test_a_binary_number_is_found(order: Literal["big", "little"], width: int, offset: int) -> None:
    made = [b"\xff" * offset + (900 + number).to_bytes(width, order) + b"\xfe" * 20 for number in range(20)]
    found = find_numbering(made)
    assert found is not None
    assert [(found.read(head) - found.read(made[0])) // found.stride for head in made] == list(range(20))


@pytest.mark.parametrize(
    "made", [[], heads("{n}", 7), heads("time {t}"), heads("no number"), [b"1 a", b"2 b"] * 10]
)
def test_no_number_is_made_up(made: list[bytes]) -> None:
    assert find_numbering(made) is None


@given(st.lists(st.binary(max_size=50), max_size=20), st.data())
def test_a_tape_does_not_depend_on_how_messages_are_cut(messages: list[bytes], data: st.DataObject) -> None:
    whole, cut = MessageLog(), MessageLog()
    for message in messages:
        whole.feed(message, finished=True)
        at = data.draw(st.integers(0, len(message)))
        cut.feed(message[:at], finished=False)
        cut.feed(message[at:], finished=True)
    assert cut.digests == whole.digests
    assert (cut.payload_bytes, cut.messages) == (sum(map(len, messages)), len(messages))
    assert cut.marks(0, len(messages)) == messages


@pytest.mark.parametrize("word", [b"snapshot", b"abcdefgh", b"lorem ipsum dolor sit amet, "])
def test_bytes_that_repeat_are_cut_where_they_would_be_in_other_pieces(
    word: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0

    def counted(data: bytes) -> int:
        nonlocal looked
        looked += 1
        return crc32(data)

    monkeypatch.setattr(byte_chunks, "crc32", counted)
    whole, cut, stream = ByteChunks(), ByteChunks(), word * 40_000 + b"the end 0123"
    whole.feed(stream)
    assert looked < len(stream) / 50
    for place in range(0, len(stream), 10_007):
        cut.feed(stream[place : place + 10_007])
    assert (cut.digests, cut.sizes) == (whole.digests, whole.sizes)


def test_a_mark_is_the_two_ends_of_a_message() -> None:
    head, middle, tail = b"h" * HEAD_BYTES, b"x" * 5000, b"t" * TAIL_BYTES
    made = MessageLog()
    for piece in (b"short", head + tail, head + middle + tail):
        made.feed(piece, finished=True)
    made.feed(head, finished=False)
    for _ in range(100):
        made.feed(b"x" * 33, finished=False)
    made.feed(tail, finished=True)
    assert made.marks(0, 4) == [b"short", head + tail, head + CUT + tail, head + CUT + tail]
    assert made.marks(3, 9) == made.marks(-5, 9)[3:]
