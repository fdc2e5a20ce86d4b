"""The wake test compares the messages that the stalled client received in the end with the witness's.

Equal messages in equal order (``SHARED``) show exactly which messages are missing. So do equal bytes in
different frames (``BYTES``), and messages that differ only in the client's name (``ALIKE``). If each
client receives messages of its own, a number in the messages shows it (``NUMBERED``). Otherwise messages
are only counted (``COUNTED``).
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from msgspec.structs import replace

from ...timeline.probed.comparison import ComparedBy, Comparison
from ..client.message_log import MessageLog
from .alignment import Alignment, LogPositions, align, is_distinct
from .byte_stream import align_bytes
from .client_names import find_names, without
from .gaps import count_waited, find_gaps
from .kept import find_kept
from .parts_of_one import are_parts_of_one
from .sequence_numbers import MESSAGES_LOOKED_AT, find_numbering

_NUMBERS_MIN, _NUMBERED_MIN = 2, 0.6
_NUMBERED_MAX = 2.0
"""The most bytes that may be missing by the numbers, in multiples of the bytes that the witness received
since the stall began. Beyond that the numbers do not count messages: where frames are cut anywhere,
another field may stand in a number's place.
"""
_FRAMES_ONLY = 0.5
"""If the bytes of more than this share of the missing messages were received, only the frames differ."""
_JOINED_MIN = 2.0
"""Messages that must have arrived in joined frames, for the frames to explain missing messages."""
_JOINED_SHARE = 0.5
"""The share of those messages that must be among the ones whose bytes were received."""

_JOINING_CHUNKS = 8
"""Chunks at the beginning of the stalled client's stream that may differ, since the witness's was cut
elsewhere.
"""
_JOINING_BYTES = 16384
"""Bytes at the beginning of the stalled client's stream that may differ for that reason."""


def compare_streams(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, chunks: LogPositions, *, draining: bool
) -> Comparison:
    """The best of the five comparisons that these logs allow. ``marks`` counts in messages, ``chunks``
    states the same moments in chunks.
    """
    plain = _counted(witness, stalled, marks, draining)
    if not plain.distinct:  # repeated bytes match at any place
        return plain
    same = _same(witness, stalled, marks)
    shared = same and _shared(witness, stalled, marks, plain, same)
    if shared is None or shared.missing or shared.lag_end:
        by_bytes = align_bytes(witness.chunks, stalled.chunks, chunks, plain.message_bytes)
        if by_bytes is not None and _only_frames(shared, by_bytes, stalled, _unknown_bytes(same, stalled)):
            return _filled(plain, ComparedBy.BYTES, by_bytes, witness.chunks.sizes, chunks)
    return (
        shared
        or _parts(witness, stalled, marks, plain)
        or _alike(witness, stalled, marks, plain)
        or _numbered(witness, stalled, marks, plain)
        or plain
    )


def _unknown_bytes(same: Alignment | None, stalled: MessageLog) -> int:
    """Bytes of the stream in the stalled client's messages that the witness did not receive as messages."""
    if same is None:
        return 0
    placed = zip(stalled.sizes[same.joining :], same.found[same.joining :], strict=True)
    return sum(size for size, place in placed if place < 0)


def _only_frames(
    shared: Comparison | None, by_bytes: Alignment, stalled: MessageLog, unknown_bytes: int
) -> bool:
    """Whether the bytes of the missing messages were received, so that only the frames differ.

    That holds if the bytes of most of them were received, or the bytes of about as many as the messages
    hold that only the stalled client received; those are joined frames.
    """
    if shared is None:
        return True
    before = sum(stalled.chunks.sizes[: by_bytes.joining])
    cut_elsewhere = by_bytes.joining <= _JOINING_CHUNKS or before <= _JOINING_BYTES
    if not cut_elsewhere and before > (shared.joining_bytes or 0) + _JOINING_BYTES:
        return False
    not_given = (shared.missing or 0) + shared.lag_end
    received = not_given - by_bytes.missing - by_bytes.lag_end
    if received > (1 - _FRAMES_ONLY) * not_given:
        return True
    joined = unknown_bytes / max(1.0, shared.message_bytes)
    return joined >= _JOINED_MIN and received >= _JOINED_SHARE * joined


def _same(witness: MessageLog, stalled: MessageLog, marks: LogPositions) -> Alignment | None:
    if not (witness.complete and stalled.complete):
        return None
    return align(witness.digests, stalled.digests, marks)


def _shared(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, plain: Comparison, found: Alignment
) -> Comparison:
    filled = _filled(plain, ComparedBy.SHARED, found, witness.sizes, marks)
    return _with_joining(filled, witness, stalled, marks, found)


def _parts(
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
    filled = _filled(plain, ComparedBy.NUMBERED, found, witness.sizes, marks)
    return replace(filled, notices=0, dropped=None)


def _alike(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, plain: Comparison
) -> Comparison | None:
    if not (witness.marked and stalled.marked):
        return None
    names = find_names(_before(witness, marks.witness_stall), _before(stalled, marks.stalled_stall))
    if not names:
        return None
    own, other = (without(names, log.marks(0, log.messages)) for log in (witness, stalled))
    found = align(own, other, marks)
    if found is not None and found.missing:  # only beginnings are compared: joined frames look like a gap
        spans = [
            max(1, round(stalled.sizes[position] / max(1, witness.sizes[place]))) if place >= 0 else 1
            for position, place in enumerate(found.found)
        ]
        found = align(own, other, marks, spans)
    if found is None:
        return None
    filled = _filled(plain, ComparedBy.ALIKE, found, witness.sizes, marks)
    return _with_joining(filled, witness, stalled, marks, found)


def _before(log: MessageLog, stall: int) -> list[bytes]:
    """Marks of the latest messages before the stall; of the first messages if the client had read none by
    then.
    """
    before = log.marks(stall - MESSAGES_LOOKED_AT, stall)
    return before or log.marks(0, MESSAGES_LOOKED_AT)


def _filled(
    plain: Comparison, kind: ComparedBy, found: Alignment, sizes: Sequence[int], marks: LogPositions
) -> Comparison:
    """``sizes``: of the witness's messages, or of its chunks; ``marks`` counts in the same unit."""
    read = max(found.found[: marks.stalled_wake], default=-1)
    came = [(place, sizes[place]) for place in found.found[marks.stalled_wake :] if place >= 0]
    kept = find_kept(came, max(read + 1, marks.witness_join), marks.witness_wake)
    return replace(
        plain,
        kind=kind,
        own=found.own,
        lag_wake=found.lag_wake,
        lag_end=found.lag_end,
        missing=found.missing,
        missing_late=found.late,
        waited=found.waited,
        missing_usual=found.usual,
        dropped=found.dropped,
        notices=found.notices,
        kept_bytes=kept.size,
        kept_evenly=kept.evenly,
    )


def _with_joining(
    compared: Comparison, witness: MessageLog, stalled: MessageLog, marks: LogPositions, found: Alignment
) -> Comparison:
    if found.own:
        return compared
    joining = sum(stalled.sizes[: found.joining])
    end = marks.witness_stall
    given = sum(
        size for size, place in zip(stalled.sizes, found.found, strict=True) if found.first <= place < end
    )
    stream = given + sum(witness.sizes[max(found.found) + 1 : end])  # without the messages dropped before
    return replace(compared, joining_bytes=joining, owed_bytes=joining + stream)


def _numbered(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, plain: Comparison
) -> Comparison | None:
    if not (witness.marked and stalled.marked):
        return None
    log, end = stalled, marks.stalled_stall
    numbering = find_numbering(_before(log, end))
    if numbering is None:
        log, end = witness, marks.witness_stall
        numbering = find_numbering(_before(log, end))
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
    )


def _counted(witness: MessageLog, stalled: MessageLog, marks: LogPositions, draining: bool) -> Comparison:
    given = witness.messages - marks.witness_stall
    sizes: Sequence[int] = witness.sizes[marks.witness_stall :]
    mean = sum(sizes) / len(sizes) if sizes else witness.payload_bytes / max(1, witness.messages)
    until_wake = marks.witness_wake - marks.witness_stall
    return Comparison(
        kind=ComparedBy.COUNTED,
        own=False,
        distinct=is_distinct(witness.digests),
        draining=draining,
        lag_wake=max(0, until_wake - (marks.stalled_wake - marks.stalled_stall)),
        lag_end=max(0, given - (stalled.messages - marks.stalled_stall)),
        missing=None,
        missing_usual=0.0,
        dropped=None,
        notices=0,
        message_bytes=mean,
    )
