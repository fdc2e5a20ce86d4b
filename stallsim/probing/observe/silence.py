"""Computes how long the witness received nothing, and the part of that time that the machine withheld."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ...timeline.outside import Look

_READ_AFTER_S = 0.2
"""Seconds. Waiting of a thread is known only once the thread has run and its process is read, ten times
per second.
"""


class Silence(NamedTuple):
    """The longest time in which nothing came. Bytes that this program had not read yet count as come."""

    seconds: float
    net_s: float | None
    """The longest time without the seconds that the machine withheld; None if those are not known."""


NO_SILENCE = Silence(0.0, 0.0)


def silent_s(look: Look) -> float:
    """For how long the stream had been silent at a look, in seconds: 0 if bytes had arrived that this
    program had not read yet. Every rule about a silence asks this function.
    """
    return 0.0 if look.witness_rcvq_bytes else look.witness_idle_s


def longest_silence(looks: Sequence[Look]) -> Silence:
    """The longest silence within ``looks``, which are in order. Time before the first look
    does not count.
    """
    times, silent = [one.at_s for one in looks], _silences(looks)
    seconds = max((end_s - begin_s for begin_s, end_s in silent), default=0.0)
    if any(one.withheld_s is None for one in looks):
        return Silence(seconds, None)
    net = (end_s - begin_s - (withheld(looks, begin_s, end_s, times) or 0.0) for begin_s, end_s in silent)
    return Silence(seconds, max(0.0, max(net, default=0.0)))


def pauses(looks: Sequence[Look], least_s: float) -> list[tuple[float, float]]:
    """The begin and the end of each silence of at least ``least_s`` seconds, in order."""
    found: list[tuple[float, float]] = []
    for begin_s, end_s in _silences(looks):
        if end_s - begin_s < least_s:
            continue
        overlaps = bool(found) and begin_s < found[-1][1]
        found.append((min(begin_s, found.pop()[0]) if overlaps else begin_s, end_s))
    return found


def _silences(looks: Sequence[Look]) -> list[tuple[float, float]]:
    """For each look, the begin of the silence since the first look, and the time of the look."""
    return [(one.at_s - min(silent_s(one), one.at_s - looks[0].at_s), one.at_s) for one in looks]


def withheld(
    looks: Sequence[Look], begin_s: float, end_s: float, times: Sequence[float] | None = None
) -> float | None:
    """Seconds between two moments that the machine withheld; None if not known.

    ``times``: the times of the looks, for a caller that calls often.
    """
    times = [one.at_s for one in looks] if times is None else times
    before = looks[max(0, bisect_right(times, begin_s) - 1)]
    after = looks[min(len(looks) - 1, bisect_left(times, end_s + _READ_AFTER_S))]
    seconds = withheld_between(before, after)
    return None if seconds is None else min(end_s - begin_s, seconds)


def withheld_between(before: Look, after: Look) -> float | None:
    """Seconds that the machine withheld between two looks; None if not known."""
    if before.withheld_s is None or after.withheld_s is None:
        return None
    return min(after.at_s - before.at_s, after.withheld_s - before.withheld_s)


def own_seconds(before: Look, after: Look) -> float:
    """Seconds between two looks that the machine did not withhold; at least half of the time between them.

    Waiting with a time limit counts these seconds, so that a busy machine extends the limit.
    """
    seconds = after.at_s - before.at_s
    return seconds - min(seconds / 2, withheld_between(before, after) or 0.0)
