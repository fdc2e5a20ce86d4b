"""Decides whether a silence of the witness may be a pause that the server makes by itself: a checkpoint, or
the collection of a heap.

Such a pause silences the stream at other times, too. The probe watches for it when no client is stalled.
"""

from ..observe.observation import Observation
from ..observe.silence import pauses
from .facts import Facts

PAUSES = 1.5
"""A pause of the server explains a silence that is at most this many times as long."""
_PAUSE_MIN_S = 0.5
"""Seconds from which on a silence is a pause."""
GAPS = 4
"""A silence must also be this many times the stream's longest gap in the baseline."""


def own_pause_s(seen: Observation) -> float:
    """The longest silence of the stream when no client was stalled, in seconds; 0 if none was watched."""
    control = seen.control
    if control is None:
        return 0.0
    return control.gap_s if control.net_gap_s is None else control.net_gap_s


def explained_s(seen: Observation) -> float:
    """A silence that is shorter than this may be a pause of the server's own."""
    longest_s = own_pause_s(seen)
    return PAUSES * longest_s if longest_s >= _PAUSE_MIN_S else 0.0


def pauses_in_stall(seen: Observation) -> list[tuple[float, float]]:
    """The begin and the end of each pause of the witness's stream during the stall."""
    return pauses(seen.samples, max(_PAUSE_MIN_S, GAPS * seen.record.baseline.worst_gap_s))


def share_between_pauses(seen: Observation, facts: Facts) -> float:
    """The witness's share of its stream without the time of the server's own pauses; at least
    ``facts.share`` and ``facts.net_share``. 1 if no time is left.
    """
    share = max(facts.share or 0.0, facts.net_share or 0.0)
    limit_s, from_s = explained_s(seen), facts.stalled_s - facts.pressed_s
    paused_s = sum(
        max(0.0, end_s - max(begin_s, from_s))
        for begin_s, end_s in pauses_in_stall(seen)
        if end_s - begin_s < limit_s
    )
    left_s = facts.pressed_s - paused_s
    return share * facts.pressed_s / left_s if left_s > 0 else 1.0
