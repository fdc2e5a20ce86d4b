"""Which bounds the witnesses have to keep, beside their baseline: the rule is in docs/fleet.md."""

from ..timeline.fleet.merge import PONGS_MIN
from ..timeline.fleet.pings import P99_PONGS_MIN, late_pings, slow_ping
from ..timeline.fleet.steps import FleetStep
from ..timeline.fleet.witnessed import Witnessed
from ..units import format_seconds, format_size
from .own_lag import LAG_S, lagged
from .witnessed_periods import WINDOW_S

_LATER, _LATER_MIN_S = 5.0, 0.05
"""A slow Ping may take so many times the baseline's, and so much more in any case."""
_PINGS_MIN = 2
"""One late Ping alone is an accident."""
_LESS = 0.7
NET_OF_LAG = "net of stallsim's own lag"
"""So every silence is measured (``silence.py``)."""
GAP_S = 1.0
"""A silence, or a Ping's delay, by which one look of a long hold counts."""
_SILENCE = 4.0
_OFTEN_S = 0.5
"""Messages that are no further apart: of ten in five seconds or more."""
_REGULAR = 0.6
"""A baseline's silence of a larger share says nothing of how far apart its messages are."""
_BASELINE_MOST = 5
"""So many times its own length a baseline goes on, where the messages are far apart."""
_BASELINE_GAPS, _STEP_GAPS = 4, 3
"""So many of the baseline's longest silences it takes, in the baseline and at a size, to compare rates."""


def suffering_at(baseline: FleetStep, step: FleetStep) -> str:
    """Which bound is left at a step, or that the server's processes, seen before, are gone; or empty."""
    how = suffering(baseline.witnessed, step.witnessed)
    gone = "the server's processes are gone" if _processes_gone(baseline, step) else ""
    return ", and ".join(filter(None, (how, gone)))


def server_ended_at(baseline: FleetStep, step: FleetStep) -> str:
    """That the server has ended, with what shows it; empty where that was not seen."""
    if _processes_gone(baseline, step):
        return "the server has ended (its processes are gone)"
    seen = step.witnessed
    if seen.ended and seen.ended >= seen.witnesses:
        each = (
            "the connection of the one witness" if seen.ended == 1 else "the connections of all witnesses"
        )
        return f"the server has ended {each}"
    return ""


def over_memory(limit_bytes: int | None, most_bytes: int | None) -> str:
    """That the server's memory has passed its limit, and by how much; empty where it has not."""
    if limit_bytes is None or most_bytes is None or most_bytes <= limit_bytes:
        return ""
    most, limit = format_size(most_bytes), format_size(limit_bytes)
    return f"the server's memory has passed its limit ({most}, and {limit} are allowed)"


def suffering(baseline: Witnessed, now: Witnessed) -> str:
    """Which bound the witnesses have left; empty where they kept all, or our own lag may be why."""
    if now.ended:
        return f"{now.ended} of the witnesses' connections have ended"
    return _silent(baseline, now) or _given_less(baseline, now) or _late(baseline, now)


def silence_limit_s(baseline: Witnessed) -> float | None:
    """How long a silence suffers, by the stream's own rhythm; None where the baseline does not show it."""
    if not baseline.bytes_per_s or baseline.silent_s > _REGULAR * baseline.seconds:
        return None
    return max(GAP_S, _SILENCE * baseline.silent_s)


def rhythm_unknown(seen: Witnessed, least_s: float) -> bool:
    """Whether a baseline is to go on, since its messages are far apart, and there is time left for it."""
    return _BASELINE_GAPS * seen.silent_s > seen.seconds and seen.seconds < _BASELINE_MOST * least_s


def _silent(baseline: Witnessed, now: Witnessed) -> str:
    """Where the stream of the baseline has a rhythm that can be known."""
    limit_s = silence_limit_s(baseline)
    if limit_s is None or now.silent_s <= limit_s:
        return ""
    before, after = format_seconds(max(baseline.silent_s, 1e-6)), format_seconds(now.silent_s)
    words = f"a witness received nothing for {after}, and for at most {before} in the baseline"
    return f"{words}, both {NET_OF_LAG}"


def _given_less(baseline: Witnessed, now: Witnessed) -> str:
    """On average, and in the worst five seconds of a stream that has many messages in them."""
    limit, least = _LESS * baseline.bytes_per_s, now.least_bytes_per_s
    if lagged(now) or _few_messages(baseline, now):
        return ""
    before = f"{format_size(baseline.bytes_per_s)}/s"
    if now.bytes_per_s < limit:
        return f"each witness receives {format_size(now.bytes_per_s)}/s, and {before} in the baseline"
    often = 0 < baseline.silent_s <= _OFTEN_S and now.own_lag_s < LAG_S
    if least is not None and least < limit and often:
        words = f"for {WINDOW_S:g} s each witness received {format_size(least)}/s"
        return f"{words}, and {before} in the baseline"
    return ""


def _few_messages(baseline: Witnessed, now: Witnessed) -> bool:
    """Whether one message more or less would be a difference of rates."""
    longest_s = baseline.silent_s
    return _BASELINE_GAPS * longest_s > baseline.seconds or _STEP_GAPS * longest_s > now.seconds


def _late(baseline: Witnessed, now: Witnessed) -> str:
    if baseline.pongs < PONGS_MIN:
        return ""
    slow, named = slow_ping(baseline)
    limit_s = max(_LATER * slow, slow + _LATER_MIN_S) + now.own_lag_s
    before = f"{format_seconds(max(slow, 1e-6))} ({named})"
    if now.p99_s is not None and now.pongs >= P99_PONGS_MIN:
        if now.p99_s > limit_s:
            after = format_seconds(now.p99_s)
            return (
                f"a Ping of a witness is answered after {after} (p99), and in the baseline after {before}"
            )
        limit_s += GAP_S
    late = late_pings(now, limit_s)
    if late >= _PINGS_MIN:
        worst = format_seconds(now.worst_s)
        words = f"{late} Pings of the witnesses waited for more than {format_seconds(limit_s)}"
        return f"{words} (the longest: {worst}), and in the baseline for {before}"
    if not now.pongs and now.worst_s > limit_s:
        words = f"no Ping of a witness was answered within {format_seconds(now.worst_s)}"
        return f"{words}, and in the baseline Pings were answered after {before}"
    return ""


def _processes_gone(baseline: FleetStep, step: FleetStep) -> bool:
    return baseline.rss_bytes is not None and step.rss_bytes is None
