"""Two streams compared by their bytes, for servers that join what waits into other frames."""

from itertools import pairwise

from ..client.byte_chunks import ByteChunks
from .alignment import Alignment, LogPositions, align

_CHUNKS_MIN = 50
"""After a gap it takes some kilobytes until both streams are cut into chunks at the same places again."""
_EDGES = 2
"""At each gap so many chunks contain bytes from before it and from after it."""
_WHOLE, _WHOLE_MIN_BYTES = 0.5, 1024
"""Fewer bytes than these, and than half a message, may be a message that only the witness was given."""


def align_bytes(
    witness: ByteChunks, stalled: ByteChunks, marks: LogPositions, message_bytes: float
) -> Alignment | None:
    """As ``align``, told in messages of that many bytes; None where the bytes are not one stream.

    A chunk of the stalled client's that the witness has not (a message of its own between two of the
    stream, an answer to a heartbeat) stands where one of the witness's would stand: it is no gap.
    """
    if not (witness.complete and stalled.complete) or len(stalled.digests) < _CHUNKS_MIN:
        return None
    found = align(witness.digests, stalled.digests, marks)
    if found is None:
        return None
    since = max(found.joining, marks.stalled_stall - 1)
    common = [(position, place) for position, place in enumerate(found.found) if place >= 0]
    missing_bytes = late_bytes = 0
    for (earlier, before), (later, behind) in pairwise(common):
        if later < since:
            continue
        passed = sum(witness.sizes[before + 1 : behind])
        other = sum(stalled.sizes[earlier + 1 : later])
        one_or_more = passed - other >= max(_WHOLE * message_bytes, _WHOLE_MIN_BYTES)
        if one_or_more or (behind - before - 1 > _EDGES and passed > other):
            missing_bytes += passed - other
            late_bytes += min(
                passed - other, sum(witness.sizes[max(before + 1, marks.witness_wake) : behind])
            )
    mean = sum(witness.sizes) / max(1, len(witness.sizes)) / max(1.0, message_bytes)
    return found._replace(
        lag_wake=round(found.lag_wake * mean),
        lag_end=round(found.lag_end * mean),
        missing=round(missing_bytes / max(1.0, message_bytes)),
        late=round(late_bytes / max(1.0, message_bytes)),
        waited=round(found.waited * mean),
        notices=0,
    )
