"""The wake test compares the messages that the stalled client received in the end with the witness's.

Equal messages in equal order (``SHARED``) show exactly which messages are missing. So do equal bytes in
different frames (``BYTES``), messages that differ only in the client's name (``ALIKE``), and messages that
differ only in numbers that the server counts for each client (``BESIDE_NUMBERS``). If each client receives
messages of its own, a number in the messages shows it (``NUMBERED``). Otherwise messages are only counted
(``COUNTED``).
"""

from msgspec.structs import replace

from ...timeline.probed.comparison import ComparedBy, Comparison
from ..client.message_log import MessageLog
from .alignment import LogPositions
from .byte_stream import align_bytes
from .distinct_chunks import distinct_chunks
from .filling import counted, filled
from .gapless import content_is_distinct
from .numbered import numbered
from .only_frames import only_frames, unknown_bytes
from .own_numbers import beside_numbers
from .same_stream import align_same, alike, parts, shared


def compare_streams(
    witness: MessageLog, stalled: MessageLog, marks: LogPositions, chunks: LogPositions, *, draining: bool
) -> Comparison:
    """The best of the six comparisons that these logs allow. ``marks`` counts in messages, ``chunks``
    states the same moments in chunks.
    """
    plain = counted(witness, stalled, marks, draining)
    if not plain.distinct:  # repeated bytes match at any place
        return plain
    same = align_same(witness, stalled, marks)
    by_messages = same and shared(witness, stalled, marks, plain, same)
    if by_messages is not None and by_messages.own:
        hidden = not content_is_distinct(witness, marks.witness_stall)
        by_messages = replace(by_messages, may_hide_gaps=hidden)
    if by_messages is None or by_messages.missing or by_messages.lag_end:
        streams = distinct_chunks(witness.chunks, stalled.chunks, chunks)
        by_bytes = streams and align_bytes(streams, plain.message_bytes)
        unknown = unknown_bytes(same, stalled)
        if streams and by_bytes and only_frames(by_messages, by_bytes, streams.stalled, unknown):
            return filled(plain, ComparedBy.BYTES, by_bytes, streams.witness.sizes, streams.marks)
    return (
        by_messages
        or parts(witness, stalled, marks, plain)
        or alike(witness, stalled, marks, plain)
        or beside_numbers(witness, stalled, marks, plain)
        or numbered(witness, stalled, marks, plain)
        or plain
    )
