"""Compares two streams whose messages are the same, or differ only in what names the client."""

from msgspec.structs import replace

from ...timeline.probed.comparison import ComparedBy, Comparison
from ..client.message_log import MessageLog
from .alignment import Alignment, LogPositions, align
from .client_names import find_names, without
from .filling import filled, with_joining
from .parts_of_one import are_parts_of_one
from .sequence_numbers import recent_marks


def align_same(witness: MessageLog, stalled: MessageLog, marks: LogPositions) -> Alignment | None:
    """The alignment of equal messages; None if the streams are not one."""
    if not (witness.complete and stalled.complete):
        return None
    return align(witness.digests, stalled.digests, marks)


def shared(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, plain: Comparison, found: Alignment
) -> Comparison:
    """The comparison by equal messages."""
    compared = filled(plain, ComparedBy.SHARED, found, witness.sizes, marks)
    compared = replace(compared, notices_bytes=_notices_bytes(found, stalled, marks))
    return with_joining(compared, witness, stalled, marks, found)


def _notices_bytes(found: Alignment, stalled: MessageLog, marks: LogPositions) -> int:
    """The bytes of the messages that ``found.notices`` counts."""
    if not found.notices:
        return 0
    since = max(found.joining, marks.stalled_wake)
    last = max(position for position, place in enumerate(found.found) if place >= 0)
    later = zip(stalled.sizes[since:last], found.found[since:last], strict=True)
    return sum(size for size, place in later if place < 0)


def parts(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, plain: Comparison
) -> Comparison | None:
    """The comparison for a server that leaves out messages for the witness, too; None if it does not.
    Messages that only the stalled client received are no notices then.
    """
    if not are_parts_of_one(witness, stalled, marks.witness_join):
        return None
    found = align(witness.digests, stalled.digests, marks, share_min=0.0)
    if found is None or found.own:
        return None
    compared = filled(plain, ComparedBy.NUMBERED, found, witness.sizes, marks)
    return replace(compared, notices=0, dropped=None)


def alike(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, plain: Comparison
) -> Comparison | None:
    """The comparison of messages without the clients' names; None if they have none."""
    if not (witness.marked and stalled.marked):
        return None
    names = find_names(
        recent_marks(witness, marks.witness_stall), recent_marks(stalled, marks.stalled_stall)
    )
    if not names:
        return None
    own, other = (without(names, log.marks(0, log.messages)) for log in (witness, stalled))
    found = align_texts(own, other, witness, stalled, marks)
    if found is None:
        return None
    compared = filled(plain, ComparedBy.ALIKE, found, witness.sizes, marks)
    return with_joining(compared, witness, stalled, marks, found)


def align_texts(
    own: list[bytes], other: list[bytes], witness: MessageLog, stalled: MessageLog, marks: LogPositions
) -> Alignment | None:
    """As ``align``, for a part of the text of each message."""
    found = align(own, other, marks)
    if found is None or not found.missing:
        return found
    spans = [  # only beginnings are compared: joined frames look like a gap
        max(1, round(stalled.sizes[position] / max(1, witness.sizes[place]))) if place >= 0 else 1
        for position, place in enumerate(found.found)
    ]
    return align(own, other, marks, spans)
