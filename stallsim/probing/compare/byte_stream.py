"""Compares two streams by their bytes, for servers that join waiting messages into other frames."""

from itertools import pairwise

from .alignment import Alignment, align
from .distinct_chunks import ChunkStreams

_CHUNKS_MIN = 50
"""Fewer chunks than these are not compared: after a gap, some kilobytes pass until both streams are cut at
the same places again.
"""
_EDGES = 2
"""Chunks at each gap that contain bytes from before the gap and from after it."""
_WHOLE = 0.5
"""A gap counts from this share of a message on. A smaller gap may be a message for the witness only."""
_WHOLE_MIN_BYTES = 1024
"""A gap smaller than this may also be a message for the witness only."""


def align_bytes(streams: ChunkStreams, message_bytes: float) -> Alignment | None:
    """As ``align``, with lags and gaps converted to messages of ``message_bytes``. None if the bytes are
    not one stream.

    The stalled client may have chunks that the witness lacks (a message for this client only, an answer to
    a heartbeat). Their bytes are subtracted from the witness's bytes at the same place, so they make no
    gap.
    """
    witness, stalled, marks = streams
    if len(stalled.digests) < _CHUNKS_MIN:
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
