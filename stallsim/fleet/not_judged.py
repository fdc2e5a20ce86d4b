"""Which bounds of the witnesses could not be judged, or only from some time on, and why."""

from ..timeline.fleet.merge import PONGS_MIN
from ..timeline.fleet.witnessed import Witnessed
from ..units import format_seconds
from .bounds import GAP_S, NET_OF_LAG, silence_limit_s


def silence_words(baseline: Witnessed, watched_s: float) -> str:
    """From when on a silence counts in a slow stream, or why none was judged; empty for a quick stream."""
    if not watched_s:  # no size was seen
        return ""
    limit_s, took = silence_limit_s(baseline), format_seconds(baseline.seconds)
    if not baseline.bytes_per_s:
        return f"not judged: the witnesses received no data in the baseline of {took}"
    silent = format_seconds(max(baseline.silent_s, 1e-6))
    longest = f"the longest silence of the baseline was {silent} {NET_OF_LAG}"
    if limit_s is None:
        return f"not judged: {longest}, in {took}, so the time between messages is not known"
    limit = format_seconds(limit_s)
    if watched_s < limit_s:
        watched = format_seconds(watched_s)
        why = f"after the baseline the witnesses were watched for {watched} (`look=`, `hold=`)"
        return f"not judged: a silence counts from {limit} on, because {longest}, and {why}"
    return f"judged from {limit} on, because {longest}" if limit_s > GAP_S else ""


def ping_words(baseline: Witnessed, watched_s: float) -> str:
    """Why late Pings were not judged; empty if they were."""
    if not watched_s or baseline.pongs >= PONGS_MIN:
        return ""
    pongs = "no Pong" if not baseline.pongs else f"{baseline.pongs} Pongs"
    return f"not judged: the witnesses received {pongs} in the baseline, and {PONGS_MIN} are needed"
