"""Decides whether two clients each received a part of one numbered stream.

A busy server may drop messages for the witness, too. Then each client has many messages that the other
lacks, as if each had a stream of its own. A running number in all messages shows that both are parts of
one stream: together the clients have most of the numbers, and under one number both have the same message.
"""

from collections.abc import Sequence
from itertools import pairwise

from ..client.message_log import MessageLog
from .sequence_numbers import MESSAGES_LOOKED_AT, MESSAGES_MIN, Numbering, possible_numberings

_COMMON_MIN = 0.2
"""The least share of the stalled client's messages that the witness also received."""
_TOGETHER_MIN = 0.6
"""The least share of all numbers that at least one of the clients received."""
_DIFFERENT_MAX = 0.02
"""The largest share of the common numbers under which the clients have different messages."""
_LATEST = 400


def are_parts_of_one(witness: MessageLog, stalled: MessageLog, joined: int) -> bool:
    """Whether both logs are parts of one stream. ``joined``: messages that the witness had read when the
    stalled client joined.
    """
    if not (witness.marked and stalled.marked and witness.complete and stalled.complete):
        return False
    of_the_witness = set(witness.digests[joined:])
    common = [position for position, one in enumerate(stalled.digests) if one in of_the_witness]
    if len(common) < max(MESSAGES_MIN, _COMMON_MIN * stalled.messages):
        return False
    recent = [stalled.marks(position, position + 1)[0] for position in common[-MESSAGES_LOOKED_AT:]]
    return any(
        _rise([one.read(mark) for mark in recent]) and _together(one, witness, stalled)
        for one in possible_numberings()
    )


def _together(numbering: Numbering, witness: MessageLog, stalled: MessageLog) -> bool:
    """Whether the numbers of the latest messages, when both clients read, show that both are parts of one
    stream.
    """
    own, other = (_latest(numbering, log) for log in (witness, stalled))
    if not (_rise(list(own)) and _rise(list(other))):
        return False
    begin, end = max(min(own), min(other)), min(max(own), max(other))
    both = {number for number in own.keys() & other.keys() if begin <= number <= end}
    either = sorted(number for number in own.keys() | other.keys() if begin <= number <= end)
    if len(either) < MESSAGES_MIN or not both:
        return False
    stride = min(later - earlier for earlier, later in pairwise(either))
    different = sum(own[number] != other[number] for number in both)
    return len(either) >= _TOGETHER_MIN * (
        (end - begin) // stride + 1
    ) and different <= _DIFFERENT_MAX * len(both)


def _latest(numbering: Numbering, log: MessageLog) -> dict[int, int]:
    """The digest of each of the latest messages, by its number."""
    begin = max(0, log.messages - _LATEST)
    numbers = map(numbering.read, log.marks(begin, log.messages))
    return dict(zip(numbers, log.digests[begin:], strict=True))


def _rise(numbers: Sequence[int]) -> bool:
    return (
        bool(numbers) and numbers[0] >= 0 and all(later > earlier for earlier, later in pairwise(numbers))
    )
