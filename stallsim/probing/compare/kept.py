"""The messages that waited in a server during a stall, by when they were sent.

A queue with a bound holds the first messages of a stall or the last ones. A server that drops only a part
of the stream, and keeps the rest without a bound, holds messages from every part of the stall.
"""

from collections.abc import Sequence
from typing import NamedTuple

_PARTS = 4
_EVEN = 0.25
"""Each part of the stall must have at least this share of the mean part's bytes."""
_EACH_MIN = 2
"""After the first gap each part must also have this many messages: a server that drops what it cannot send
gets room in the kernel at times, and sends a message or two.
"""


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
    sent = [(place, size) for place, size in came if begin <= place < end]
    gap = _first_gap(sent, begin)
    after = [(place, size) for place, size in sent if place >= gap]
    few = len(after) < _PARTS * _EACH_MIN or min(_counts(after, gap, end)) < _EACH_MIN
    evenly = _are_even(sent, begin, end) or (not few and _are_even(after, gap, end))
    return KeptMessages(sum(size for _, size in sent), evenly)


def _first_gap(sent: Sequence[tuple[int, int]], begin: int) -> int:
    """The first place that is missing: what comes before it filled the kernels and a first queue, and
    outweighs what was kept of the time after it.
    """
    return next((begin + index for index, (place, _) in enumerate(sent) if place > begin + index), begin)


def _counts(sent: Sequence[tuple[int, int]], begin: int, end: int) -> list[int]:
    return _sums([(place, 1) for place, _ in sent], begin, end)


def _are_even(sent: Sequence[tuple[int, int]], begin: int, end: int) -> bool:
    parts = _sums(sent, begin, end)
    return sum(parts) > 0 and min(parts) >= _EVEN * sum(parts) / _PARTS


def _sums(sent: Sequence[tuple[int, int]], begin: int, end: int) -> list[int]:
    parts = [0] * _PARTS
    for place, size in sent:
        parts[(place - begin) * _PARTS // (end - begin)] += size
    return parts
