"""Whether two clients were each given a part of one numbered stream.

A server that drops may drop for both: a busy one does so for a client that reads everything, too. Then many
messages of each are not the other's, as if each had a stream of its own. A running number that all of them
share shows that they are parts of one: together the two have most of the numbers, and under one number both
have the same message.
"""

from collections.abc import Sequence
from itertools import pairwise

from ..client.message_log import MessageLog
from .sequence_numbers import MESSAGES_LOOKED_AT, MESSAGES_MIN, Numbering, possible_numberings

_COMMON_MIN, _TOGETHER_MIN, _DIFFERENT_MAX = 0.2, 0.6, 0.02
"""The shares of the one's messages that are the other's, of the numbers that either has, and of the numbers
that both have under which they have different messages."""
_LATEST = 400


def are_parts_of_one(witness: MessageLog, stalled: MessageLog, joined: int) -> bool:
    """``joined``: how many messages the witness had read when the other joined."""
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
    """The latest messages decide: then both clients read."""
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
    """The digest under each number."""
    begin = max(0, log.messages - _LATEST)
    numbers = map(numbering.read, log.marks(begin, log.messages))
    return dict(zip(numbers, log.digests[begin:], strict=True))


def _rise(numbers: Sequence[int]) -> bool:
    return (
        bool(numbers) and numbers[0] >= 0 and all(later > earlier for earlier, later in pairwise(numbers))
    )
