"""Selects the chunks of two streams by which they are compared.

Where messages are long and mostly alike (the same padding, the same field names), most chunks occur again
and again, and only those with a number or a time in them tell where in the stream they are.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import compress
from typing import NamedTuple

from ..client.byte_chunks import ByteChunks
from .alignment import LogPositions, is_distinct


class ChunkSequence(NamedTuple):
    """ChunkSequence of one stream, in order."""

    digests: Sequence[int]
    sizes: Sequence[int]
    """In bytes of the stream, with the separators that are no part of a chunk."""


class ChunkStreams(NamedTuple):
    """The chunks of both streams, and the positions of the stall and the wake among them."""

    witness: ChunkSequence
    stalled: ChunkSequence
    marks: LogPositions


def distinct_chunks(witness: ByteChunks, stalled: ByteChunks, marks: LogPositions) -> ChunkStreams | None:
    """All chunks if most of the witness's differ from each other, and otherwise those that the witness has
    once, each with the bytes of the repeated chunks before it. None if not all chunks were stored.
    """
    if not (witness.complete and stalled.complete):
        return None
    own, other = _whole(witness), _whole(stalled)
    if is_distinct(witness.digests):
        return ChunkStreams(own, other, marks)
    repeated = {digest for digest, times in Counter(witness.digests).items() if times > 1}
    at_own, at_other = (_places(chunks, repeated) for chunks in (own, other))
    return ChunkStreams(
        _joined(own, at_own),
        _joined(other, at_other),
        marks._replace(
            witness_join=bisect_left(at_own, marks.witness_join),
            witness_stall=bisect_left(at_own, marks.witness_stall),
            witness_wake=bisect_left(at_own, marks.witness_wake),
            stalled_stall=bisect_left(at_other, marks.stalled_stall),
            stalled_wake=bisect_left(at_other, marks.stalled_wake),
        ),
    )


def _whole(chunks: ByteChunks) -> ChunkSequence:
    share = sum(chunks.sizes) / max(1, chunks.cut_bytes)
    return ChunkSequence(chunks.digests, [round(size / share) for size in chunks.sizes])


def _places(chunks: ChunkSequence, repeated: Collection[int]) -> list[int]:
    return list(compress(range(len(chunks.digests)), (one not in repeated for one in chunks.digests)))


def _joined(chunks: ChunkSequence, places: Sequence[int]) -> ChunkSequence:
    begins = [0, *(place + 1 for place in places)]
    sizes = [sum(chunks.sizes[begin : place + 1]) for begin, place in zip(begins, places, strict=False)]
    return ChunkSequence([chunks.digests[place] for place in places], sizes)
