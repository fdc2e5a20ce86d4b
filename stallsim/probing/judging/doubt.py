"""Decides whether a control is needed: whether a pause that the server makes by itself, or a usual rate
below that before the stall, would explain what a stall has shown.
"""

import math
from collections.abc import Sequence

from msgspec.structs import replace

from ...timeline.probed.stall_record import Unstalled
from ..observe.observation import Observation
from ..trial.unstalled import Doubt
from .facts import Facts, facts_of
from .judge import judge_stall
from .judgement import Judgement
from .own_pauses import PAUSES

_WATCH_MIN_S = 15.0
"""Seconds of the shortest control. It is as long as the stall: pauses that are so frequent that the stall
shows one are then found. A short stall shows rarer ones by chance.
"""
_PAUSE_MAX_S = 6.0
"""A longer silence is hardly a pause of the server's own that falls into the stall by chance."""
_RATE_S = 3.0
"""Seconds for which the usual rate is measured."""


def doubt_of(seen: Observation) -> Doubt | None:
    """The doubt about an observation; None if neither a pause nor a rate would change its judgement, or if
    the control has decided it.
    """
    facts, judged = facts_of(seen), judge_stall(seen)
    return _of_a_pause(seen, facts, judged) or _of_a_rate(seen, facts, judged)


def _of_a_pause(seen: Observation, facts: Facts, judged: Judgement) -> Doubt | None:
    silence_s = max(facts.gap_s, seen.record.drain_gap_s)
    watch_s = max(_WATCH_MIN_S, facts.stalled_s)
    watched_s = 0.0 if seen.control is None else seen.control.seconds
    if silence_s > _PAUSE_MAX_S or watched_s >= watch_s:
        return None
    pauses = Unstalled(seconds=watch_s, gap_s=silence_s, net_gap_s=None)
    if not _would_change(seen, judged, pauses):
        return None
    return Doubt(pause_s=silence_s / PAUSES, watch_s=watch_s)


def _of_a_rate(seen: Observation, facts: Facts, judged: Judgement) -> Doubt | None:
    """The rate before the stall may have been that of a catch-up: on a busy machine, a server sends late
    messages all at once. The rate after the wake decides, unless the connection ended too soon.
    """
    known = seen.record.witness_after_per_s is not None
    if known or facts.share is None or (seen.control is not None and seen.control.bytes_per_s is not None):
        return None
    rate = facts.share * seen.record.baseline.bytes_per_s
    usual = seen.control or Unstalled(seconds=_RATE_S, gap_s=0.0, net_gap_s=None)
    if not _would_change(seen, judged, replace(usual, bytes_per_s=rate)):
        return None
    return Doubt(pause_s=math.inf, watch_s=_RATE_S)


def _would_change(seen: Observation, judged: Judgement, control: Unstalled) -> bool:
    other = judge_stall(replace(seen, controls=control))
    return (other.outcome, other.findings) != (judged.outcome, judged.findings)


def with_all_controls(observations: Sequence[Observation]) -> list[Observation]:
    """The observations of one server, each with what all controls have shown together: a pause of the
    server's own explains a silence in every stall, and the lowest usual rate a low rate.
    """
    watched = [one.record.unstalled for one in observations if one.record.unstalled is not None]
    if not watched:
        return list(observations)
    nets = [one.net_gap_s for one in watched if one.net_gap_s is not None]
    rates = [one.bytes_per_s for one in watched if one.bytes_per_s is not None]
    together = Unstalled(
        seconds=max(one.seconds for one in watched),
        gap_s=max(one.gap_s for one in watched),
        net_gap_s=max(nets) if len(nets) == len(watched) else None,
        bytes_per_s=min(rates, default=None),
    )
    return [replace(one, controls=together) for one in observations]
