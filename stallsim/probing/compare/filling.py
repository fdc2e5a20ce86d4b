"""Makes a comparison of an alignment, or of counts alone."""

from collections.abc import Sequence

from msgspec.structs import replace

from ...timeline.probed.comparison import ComparedBy, Comparison
from ..client.message_log import MessageLog
from .alignment import Alignment, LogPositions, is_distinct
from .kept import find_kept


def counted(witness: MessageLog, stalled: MessageLog, marks: LogPositions, draining: bool) -> Comparison:
    """The comparison by counts of messages alone."""
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


def filled(
    plain: Comparison, kind: ComparedBy, found: Alignment, sizes: Sequence[int], marks: LogPositions
) -> Comparison:
    """``plain`` with what the alignment shows. ``sizes``: of the witness's messages, or of its chunks;
    ``marks`` counts in the same unit.
    """
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


def with_joining(
    compared: Comparison, witness: MessageLog, stalled: MessageLog, marks: LogPositions, found: Alignment
) -> Comparison:
    """``compared`` with the bytes that the stalled client received on joining, before the stream."""
    if found.own:
        return compared
    joining = sum(stalled.sizes[: found.joining])
    end = marks.witness_stall
    given = sum(
        size for size, place in zip(stalled.sizes, found.found, strict=True) if found.first <= place < end
    )
    stream = given + sum(witness.sizes[max(found.found) + 1 : end])  # without the messages dropped before
    return replace(compared, joining_bytes=joining, owed_bytes=joining + stream)
