"""How much memory what is kept can take. A heap that grows by more grows for another reason: its collector
has not run yet (Java grows by 5 to 7 times the stream that it sends).
"""

_COPIES_MAX, _BESIDE_BYTES_MAX = 4, 2048
"""Who keeps a message needs at most so many times its payload (Node.js: up to 3), and so much beside it."""


def could_be_kept(grown: float, payload: float, messages: float) -> bool:
    """Whether that memory can be that payload in so many messages; all three of one time, or a second."""
    return grown <= _COPIES_MAX * payload + _BESIDE_BYTES_MAX * messages
