"""States how far a probe has watched, and how much longer it would have to watch to find out more."""

from collections.abc import Sequence

from ...timeline.probed.outcomes import HORIZON_BYTES, Outcome
from ...timeline.probed.result import Further, ProbeResult, StallReport
from ...units import format_seconds, format_size
from ..spec import KERNEL_ROOM_BYTES

_MORE = 1.15
"""A margin, since a stream's rate varies."""
_SHORTEST_S = 1e-3
STREAM_ENDED = "stream_ended_s"
"""The name of the figure for the time when a stream ended in the stall; a longer watch would show nothing
more.
"""
SHARE_AT_THE_END = "witness_share_at_end"
"""The name of the figure for the witness's share of its usual rate in the last seconds of the stall; not
known if it received nothing then.
"""
KERNEL_BYTES = "kernel_bytes"
"""The name of the figure for the bytes that both kernels held: measured if the server's end
could be read.
"""
_HIDDEN = (
    "the server's end of the connection could not be read (sock_diag(7)): its kernel's bytes are inferred"
)


def farthest(reports: Sequence[StallReport]) -> StallReport:
    """The stall that was watched longest, or until the server ended the connection."""
    return max(reports, key=lambda one: (max(one.watched_s, one.closed_after_s or 0.0), one.stalled_s))


def further_of(reports: Sequence[StallReport], goal_bytes: int = HORIZON_BYTES) -> Further | None:
    """How long to watch to see growth past ``goal_bytes``; None if a bound was observed, or if the rate of
    growth is not known.
    """
    one = farthest(reports)
    if one.fills_in_s is not None:
        return Further(stall=one.stall, goal_bytes=KERNEL_ROOM_BYTES, watch_s=one.fills_in_s)
    if one.figure(STREAM_ENDED) is not None:
        return None
    if one.outcome is not Outcome.GROWTH or one.refused_bytes >= goal_bytes or not one.watched_s:
        return None
    seconds = _MORE * one.watched_s * goal_bytes / max(1, one.refused_bytes)
    return Further(stall=one.stall, goal_bytes=goal_bytes, watch_s=float(round(seconds) + 1))


def looked_lines(result: ProbeResult) -> list[str]:
    """Lines on how far the probe has watched, what a longer watch takes, and what could not be read."""
    return [*_far(result), _HIDDEN] if is_hidden(farthest(result.stalls)) else _far(result)


def is_hidden(report: StallReport) -> bool:
    """Whether the server's end of the connection could not be read."""
    return any(one.name == KERNEL_BYTES and not one.measured for one in report.figures)


def _far(result: ProbeResult) -> list[str]:
    one = farthest(result.stalls)
    seconds, size = _time(one.watched_s or one.stalled_s), format_size(one.refused_bytes)
    if one.outcome is Outcome.DISCONNECTS:
        after = seconds if one.closed_after_s is None else _time(one.closed_after_s)
        return [f"{one.stall} until the server acted, {after} into the stall, with ~{size} refused"]
    words = f"{one.stall} for {seconds} and ~{size}: a later timeout, or a larger bound, would not be seen"
    further, ended_s = result.further, one.figure(STREAM_ENDED)
    if ended_s is not None:
        return [f"{words}; the stream had ended {_time(ended_s)} into the stall"]
    if further is None:
        return [words]
    goal, takes = format_size(further.goal_bytes), f"{_time(further.watch_s)} at this stream's rate"
    longer = (
        f"{goal} take {takes}"
        if one.fills_in_s is None
        else f"the {goal} that fill the kernels take {takes}"
    )
    return [words, f"{longer}: {further.command}" if further.command else longer]


def _time(seconds: float) -> str:
    return format_seconds(max(seconds, _SHORTEST_S))
