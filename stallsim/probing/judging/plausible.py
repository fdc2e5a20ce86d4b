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
