"""Decides whether numbers without a gap show that no message was dropped.

A server may count a number when it makes a message, or when it sends it. In the second case a message that
it drops leaves no gap.
"""

from itertools import pairwise

from ..client.message_log import MessageLog
from .alignment import LogPositions, is_distinct
from .own_numbers import common_share, marks_of_that_time
from .rising_numbers import content_reader, number_at, rising_fields
from .sequence_numbers import MESSAGES_LOOKED_AT, Numbering, recent_marks

_JOIN_MIN = 4
"""Numbers by which the two streams must begin apart, to show that both clients have common numbers."""
_NEAR = 0.5
"""Two numbers are of one moment if they differ by at most this share of those that the witness received."""
_COMMON_MAX = 0.5
"""If a larger share of the stalled client's messages is the witness's, too, apart from the number, the
messages were not made for each client.
"""
_AHEAD = 0.5
"""The last time of the stalled client is after the wake, and later than the witness's last one by at most
this share of all the time, which the witness may be late.
"""
_JUMP = 0.5
"""Messages are missing in a jump of the time that is longer than this share of the stall."""
_PAUSE = 0.1
"""A time that is left out is a jump from this share of the stall on."""
_BEFORE_THE_WAKE = 0.05
"""Messages were dropped if after the last jump the stream goes on more than this share of the stall before
the wake.
"""


def content_is_distinct(log: MessageLog, stall: int) -> bool:
    """Whether messages that are equal for both clients differ in more than numbers that rise: the content
    then shows that the next message has come.
    """
    recent = recent_marks(log, stall)
    content_of = content_reader(recent)
    return content_of is None or is_distinct(list(map(content_of, recent)))


def numbers_may_hide_gaps(
    numbering: Numbering, witness: MessageLog, stalled: MessageLog, marks: LogPositions
) -> bool:
    """Whether a message that was dropped may have left no gap: the number is the client's own, and nothing
    shows that the messages were made for that client, one after the other.
    """
    return not (
        _are_common(numbering, witness, stalled, marks)
        or _are_made_for_each(numbering, witness, stalled, marks)
    )


def _are_common(
    numbering: Numbering, witness: MessageLog, stalled: MessageLog, marks: LogPositions
) -> bool:
    """Whether both clients have the same number at the same moment. A number of a client's own begins
    anew when the client joins.
    """
    first, other = (_first(numbering, log) for log in (witness, stalled))
    at_stall = _last(numbering, witness, marks.witness_stall)
    if first is None or other is None or at_stall is None or other - first < _JOIN_MIN * numbering.stride:
        return False
    if not marks.stalled_stall:
        return other <= at_stall
    read = _last(numbering, stalled, marks.stalled_stall)
    return read is not None and abs(at_stall - read) <= _NEAR * (at_stall - first)


def _first(numbering: Numbering, log: MessageLog) -> int | None:
    numbers = map(numbering.read, log.marks(0, MESSAGES_LOOKED_AT))
    return next((number for number in numbers if number >= 0), None)


def _last(numbering: Numbering, log: MessageLog, end: int) -> int | None:
    numbers = map(numbering.read, reversed(log.marks(end - MESSAGES_LOOKED_AT, end)))
    return next((number for number in numbers if number >= 0), None)


def _are_made_for_each(
    numbering: Numbering, witness: MessageLog, stalled: MessageLog, marks: LogPositions
) -> bool:
    """Whether each client's messages are its own also without the number, and have a time in them, which
    shows when each was made.
    """
    recent = [numbering.without(mark) for mark in recent_marks(stalled, marks.stalled_stall)]
    beside = [numbering.without(mark) for mark in marks_of_that_time(witness, marks)]
    if common_share(recent, beside) > _COMMON_MAX:
        return False
    fields = _rising(witness, marks.witness_stall) & _rising(stalled, marks.stalled_stall)
    (last,) = witness.marks(witness.messages - 1, witness.messages)
    others = [field for field in fields if number_at(field, last) != numbering.read(last)]
    return any(_is_time(field, witness, stalled, marks) for field in others)


def _rising(log: MessageLog, stall: int) -> frozenset[int]:
    """The numbers that rise before the stall, and on to the last messages."""
    later = max(stall or MESSAGES_LOOKED_AT, log.messages - MESSAGES_LOOKED_AT)
    return rising_fields([*recent_marks(log, stall), *log.marks(later, log.messages)])


def _is_time(field: int, witness: MessageLog, stalled: MessageLog, marks: LogPositions) -> bool:
    """Whether the number at this position is a time, and what the stalled client received after a long jump
    of the time was not made before the wake.
    """
    moments = (0, marks.witness_stall - 1, marks.witness_wake - 1, witness.messages - 1)
    times = [number_at(field, mark) for place in moments for mark in witness.marks(place, place + 1)]
    since = [number_at(field, mark) for mark in stalled.marks(marks.stalled_stall - 1, stalled.messages)]
    known = [one for one in since if one is not None]
    if len(times) < len(moments) or None in times or not known:
        return False
    begin, stall, wake, end = (one or 0.0 for one in times)
    if not wake <= known[-1] <= end + _AHEAD * (end - begin):
        return False
    jumps = [one for one in pairwise(known) if one[1] - one[0] > _PAUSE * (wake - stall)]
    longest_s = max((later - earlier for earlier, later in jumps), default=0.0)
    goes_on = jumps[-1][1] if jumps else wake
    return longest_s <= _JUMP * (wake - stall) or goes_on >= wake - _BEFORE_THE_WAKE * (wake - stall)
