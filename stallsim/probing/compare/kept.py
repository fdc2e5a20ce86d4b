"""The messages that waited in a server during a stall, by when they were sent.

A queue with a bound holds the first messages of a stall or the last ones. A server that drops only a part
of the stream, and keeps the rest without a bound, holds messages from every part of the stall.
"""

from collections.abc import Sequence
from typing import NamedTuple

_PARTS = 4
_EVEN = 0.25
"""Each part of the stall must have at least this share of the mean part's bytes."""


class KeptMessages(NamedTuple):
    """What waited in the server and came after the wake."""

    size: int
    """In bytes of payload."""
    evenly: bool
    """Whether it is from every part of the stall. A bounded queue that drops the oldest, the newest, or all
    but the latest of each key has next to nothing of some part.
    """


NOTHING_KEPT = KeptMessages(0, False)


def find_kept(came: Sequence[tuple[int, int]], begin: int, wake: int) -> KeptMessages:
    """``came``: the place in the witness's order, and the size, of each message that came after the wake,
    in order. The stalled client had read the messages before ``begin``; the wake was at the place ``wake``.
    If the watch ended before the client had caught up, what had not come by then is not judged.
    """
    end = min(wake, came[-1][0] + 1) if came else wake
    if end - begin < _PARTS:
        return NOTHING_KEPT
    parts = [0] * _PARTS
    for place, size in came:
        if begin <= place < end:
            parts[(place - begin) * _PARTS // (end - begin)] += size
    total = sum(parts)
    return KeptMessages(total, evenly=total > 0 and min(parts) >= _EVEN * total / _PARTS)
