"""Compares two streams by a running number in the messages, if each client has messages of its own."""

from itertools import pairwise
from statistics import median

from msgspec.structs import replace

from ...timeline.probed.comparison import ComparedBy, Comparison
from ..client.message_log import MessageLog
from .alignment import LogPositions
from .gapless import numbers_may_hide_gaps
from .gaps import count_waited, find_gaps
from .kept import find_kept
from .sequence_numbers import MESSAGES_LOOKED_AT, find_numbering, recent_marks

_NUMBERS_MIN, _NUMBERED_MIN = 2, 0.6
_NUMBERED_MAX = 2.0
"""The most bytes that may be missing by the numbers, in multiples of the bytes that the witness received
since the stall began. Beyond that the numbers do not count messages: where frames are cut anywhere,
another field may stand in a number's place.
"""


def numbered(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, plain: Comparison
) -> Comparison | None:
    """The comparison by the numbers; None if the messages have none."""
    if not (witness.marked and stalled.marked):
        return None
    log, end = stalled, marks.stalled_stall
    numbering = find_numbering(recent_marks(log, end))
    if numbering is None:
        log, end = witness, marks.witness_stall
        numbering = find_numbering(recent_marks(log, end))
    if numbering is None:
        return None
    # the sizes of messages with one number each: later frames may hold several messages, for the witness,
    # too
    sizes = log.sizes[max(0, end - MESSAGES_LOOKED_AT) : end] or log.sizes[:MESSAGES_LOOKED_AT]
    usual_bytes = max(1.0, median(sizes))
    begin = max(0, marks.stalled_stall - 1)
    read = [numbering.read(mark) for mark in stalled.marks(begin, stalled.messages)]
    numbers = [(number, place) for place, number in enumerate(read, begin) if number >= 0]
    if len(numbers) < _NUMBERS_MIN or len(numbers) < _NUMBERED_MIN * len(read):
        return None
    steps = [(number - numbers[0][0]) // numbering.stride for number, _ in numbers]
    if any(later <= earlier for earlier, later in pairwise(steps)):
        return None
    spans = [max(1, round(stalled.sizes[place] / usual_bytes)) for _, place in numbers]
    wake = marks.witness_wake - marks.witness_stall
    gaps = find_gaps(steps, wake, spans)
    if gaps.missing * usual_bytes > _NUMBERED_MAX * sum(witness.sizes[marks.witness_stall :]):
        return None
    behind = [index for index, (_, place) in enumerate(numbers) if place >= marks.stalled_wake]
    last_read = steps[behind[0] - 1] if behind and behind[0] else -1
    kept = find_kept(
        [(steps[index], stalled.sizes[numbers[index][1]]) for index in behind], last_read + 1, wake
    )
    covered = steps[-1] + spans[-1] - (begin < marks.stalled_stall)
    return replace(
        plain,
        kind=ComparedBy.NUMBERED,
        lag_end=max(0, witness.messages - marks.witness_stall - covered),
        missing=gaps.missing,
        missing_late=gaps.late,
        waited=count_waited([steps[index] for index in behind], wake, [spans[index] for index in behind]),
        dropped=gaps.which(steps, wake),
        kept_bytes=kept.size,
        kept_evenly=kept.evenly,
        may_hide_gaps=numbers_may_hide_gaps(numbering, witness, stalled, marks),
    )
