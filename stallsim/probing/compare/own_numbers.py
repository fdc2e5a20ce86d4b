"""Compares two streams whose messages differ only in numbers of each client's own.

A server that counts for each client what it sends numbers the same content differently.
"""

from ...timeline.probed.comparison import ComparedBy, Comparison
from ..client.message_log import MessageLog
from .alignment import LogPositions, is_distinct
from .client_names import find_names, without
from .filling import filled, with_joining
from .rising_numbers import content_reader
from .same_stream import align_texts
from .sequence_numbers import MESSAGES_LOOKED_AT, recent_marks

_COMMON = 0.5
"""The share of the stalled client's messages that the witness must have received, too, for both streams to
have the same content.
"""
_WINDOW = 5 * MESSAGES_LOOKED_AT


def beside_numbers(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, plain: Comparison
) -> Comparison | None:
    """The comparison of messages without their rising numbers; None if these have none, or if what is left
    does not show that both are one stream.
    """
    if not (witness.marked and stalled.marked):
        return None
    recent = recent_marks(stalled, marks.stalled_stall)
    content_of = content_reader(recent_marks(witness, marks.witness_stall), recent)
    if content_of is None:
        return None
    beside = [content_of(mark) for mark in marks_of_that_time(witness, marks)]
    latest = [content_of(mark) for mark in recent]
    names = find_names(beside, latest)
    if names:
        beside, latest = without(names, beside), without(names, latest)
    if not is_distinct(latest) or common_share(latest, beside) < _COMMON:
        return None
    own, other = ([content_of(mark) for mark in log.marks(0, log.messages)] for log in (witness, stalled))
    if names:
        own, other = without(names, own), without(names, other)
    found = align_texts(own, other, witness, stalled, marks)
    if found is None:
        return None
    compared = filled(plain, ComparedBy.BESIDE_NUMBERS, found, witness.sizes, marks)
    return with_joining(compared, witness, stalled, marks, found)


def marks_of_that_time(witness: MessageLog, marks: LogPositions) -> list[bytes]:
    """Marks of the witness's messages from about the time of the stalled client's ``recent_marks``."""
    if not marks.stalled_stall:  # its first messages, sent since it joined
        return witness.marks(marks.witness_join, marks.witness_join + _WINDOW)
    return witness.marks(
        max(marks.witness_join, marks.witness_stall - _WINDOW), marks.witness_stall + MESSAGES_LOOKED_AT
    )


def common_share(messages: list[bytes], others: list[bytes]) -> float:
    """The share of these messages that are among the others, too."""
    there = set(others)
    return sum(one in there for one in messages) / max(1, len(messages))
