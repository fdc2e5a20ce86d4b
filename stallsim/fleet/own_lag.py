"""Whether this program itself did not run for so long that the witnesses' bounds cannot be judged."""

from ..timeline.fleet.witnessed import Witnessed
from ..units import format_seconds

LAG_S = 1.0
_LAG_MIN_SHARE = 0.1
"""In a long hold, a lag of a second is a small part of what was watched."""


def unjudged(baseline: Witnessed, now: Witnessed) -> str:
    """Why it is not known whether the witnesses kept their bounds; empty if it is known."""
    for seen, when in ((now, ""), (baseline, " in the baseline")):
        if lagged(seen):
            return f"stallsim itself did not run for {format_seconds(seen.own_lag_s)}{when}"
    return ""


def lagged(seen: Witnessed) -> bool:
    """Whether a rate or a delay of that period may be this program's own doing."""
    return seen.own_lag_s >= max(LAG_S, _LAG_MIN_SHARE * seen.seconds)
