"""Decides whether kept messages can explain a growth of memory.

A heap that grows by more grows for another reason: its collector has not run yet (Java grows by 5 to 7
times the stream that it sends).
"""

_COPIES_MAX = 4
"""A server that keeps a message needs at most this many times its payload (Node.js: up to 3)."""
_BESIDE_BYTES_MAX = 2048
"""The most bytes that a server needs for each kept message in addition to its payload."""


def could_be_kept(grown: float, payload: float, messages: float) -> bool:
    """Whether a growth of memory can consist of these messages; all three values are for one time span, or
    per second.
    """
    return grown <= _COPIES_MAX * payload + _BESIDE_BYTES_MAX * messages


def least_payload(grown: float, message_bytes: float) -> float:
    """The least payload, in messages of this mean size, that could need so much memory."""
    return max(0.0, grown) / (_COPIES_MAX + _BESIDE_BYTES_MAX / max(1.0, message_bytes))
