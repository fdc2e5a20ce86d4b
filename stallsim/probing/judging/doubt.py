"""Decides whether a control is needed: whether a pause that the server makes by itself would explain what a
stall has shown.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from ...timeline.probed.stall_record import Unstalled
from ..observe.observation import Observation
from ..trial.unstalled import Doubt
from .facts import facts_of
from .judge import judge_stall
from .own_pauses import PAUSES

_WATCH_MIN_S = 15.0
"""Seconds of the shortest control. It is as long as the stall: pauses that are so frequent that the stall
shows one are then found. A short stall shows rarer ones by chance.
"""
_PAUSE_MAX_S = 6.0
"""A longer silence is hardly a pause of the server's own that falls into the stall by chance."""


def doubt_of(seen: Observation) -> Doubt | None:
    """The doubt about an observation; None if no pause would change its judgement, or if the control was
    watched for long enough.
    """
    facts, judged = facts_of(seen), judge_stall(seen)
    silence_s = max(facts.gap_s, seen.record.drain_gap_s)
    watch_s = max(_WATCH_MIN_S, facts.stalled_s)
    watched_s = 0.0 if seen.control is None else seen.control.seconds
    if silence_s > _PAUSE_MAX_S or watched_s >= watch_s:
        return None
    pauses = Unstalled(seconds=watch_s, gap_s=silence_s, net_gap_s=None)
    other = judge_stall(replace(seen, controls=pauses))
    if (other.outcome, other.findings) == (judged.outcome, judged.findings):
        return None
    return Doubt(pause_s=silence_s / PAUSES, watch_s=watch_s)


def with_all_controls(observations: Sequence[Observation]) -> list[Observation]:
    """The observations of one server, each with what all controls have shown together: a pause of the
    server's own explains a silence in every stall.
    """
    watched = [one.record.unstalled for one in observations if one.record.unstalled is not None]
    if not watched:
        return list(observations)
    nets = [one.net_gap_s for one in watched if one.net_gap_s is not None]
    together = Unstalled(
        seconds=max(one.seconds for one in watched),
        gap_s=max(one.gap_s for one in watched),
        net_gap_s=max(nets) if len(nets) == len(watched) else None,
    )
    return [replace(one, controls=together) for one in observations]
