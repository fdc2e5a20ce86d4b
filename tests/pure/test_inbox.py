"""The messages that a client reads: which are missing, and how old the others are, however cut."""

from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st

from stallsim.clients._inbox import Inbox
from stallsim.stamp import STAMP_BYTES, Stamp, unpack


def message(number: int, made_s: float = 0.0, size: int = 100) -> bytes:
    return Stamp(number, round(made_s * 1e6)).pack() + bytes(size)


def test_a_stamp_is_what_was_packed() -> None:
    stamp = Stamp(2**40, 123_456_789)
    assert len(stamp.pack()) == STAMP_BYTES
    assert unpack(stamp.pack() + b"rest") == stamp
    assert unpack(stamp.pack()[:-1]) is None


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=20),
    st.lists(st.integers(1, 40), min_size=1, max_size=40),
)
def test_numbers_that_were_passed_over_are_missing(skips: list[int], cuts: list[int]) -> None:
    inbox, number, sizes = Inbox(), -1, cycle(cuts)
    for skip in skips:
        number += 1 + skip
        rest = message(number)
        while rest:
            cut = next(sizes)
            part, rest = rest[:cut], rest[cut:]
            inbox.feed(part, finished=not rest, now=0.0)
    assert inbox.messages == len(skips)
    assert inbox.missing_messages == sum(skips[1:])  # who joins late has missed nothing


def test_the_latency_is_the_longest_since_the_last_look() -> None:
    inbox = Inbox()
    assert inbox.look() == -1
    for number, (made, read) in enumerate([(0.0, 0.005), (0.010, 0.5), (0.495, 0.5)]):
        inbox.feed(message(number, made), finished=True, now=read)
    assert inbox.look() == 490_000
    assert inbox.look() == -1


def test_a_message_too_short_for_a_stamp_is_only_counted() -> None:
    inbox = Inbox()
    for data in (b"", b"hello"):
        inbox.feed(data, finished=True, now=1.0)
    inbox.feed(message(7), finished=True, now=1.0)
    assert (inbox.messages, inbox.missing_messages) == (3, 0)
