"""Decides whether missing messages came in other frames, so that their bytes were received."""

from ...timeline.probed.comparison import Comparison
from ..client.message_log import MessageLog
from .alignment import Alignment
from .distinct_chunks import ChunkSequence

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


def only_frames(
    shared: Comparison | None, by_bytes: Alignment, stalled: ChunkSequence, unknown_bytes: int
) -> bool:
    """Whether the bytes of the missing messages were received, so that only the frames differ.

    That holds if the bytes of most of them were received, or the bytes of about as many as the messages
    hold that only the stalled client received; those are joined frames.
    """
    if shared is None:
        return True
    before = sum(stalled.sizes[: by_bytes.joining])
    cut_elsewhere = by_bytes.joining <= _JOINING_CHUNKS or before <= _JOINING_BYTES
    if not cut_elsewhere and before > (shared.joining_bytes or 0) + _JOINING_BYTES:
        return False
    not_given = (shared.missing or 0) + shared.lag_end
    received = not_given - by_bytes.missing - by_bytes.lag_end
    if received > (1 - _FRAMES_ONLY) * not_given:
        return True
    joined = unknown_bytes / max(1.0, shared.message_bytes)
    return joined >= _JOINED_MIN and received >= _JOINED_SHARE * joined


def unknown_bytes(same: Alignment | None, stalled: MessageLog) -> int:
    """Bytes of the stream in the stalled client's messages that the witness did not receive as messages."""
    if same is None:
        return 0
    placed = zip(stalled.sizes[same.joining :], same.found[same.joining :], strict=True)
    return sum(size for size, place in placed if place < 0)
