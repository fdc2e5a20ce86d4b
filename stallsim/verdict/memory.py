"""Judges whether the server's memory had a bound, as far as one run could show it."""

from typing import NamedTuple

from ..timeline.tally import ENDED, JudgedConnection
from ..timeline.timeline import Timeline
from ..units import format_count

_NAMED = 3
_MESSAGES_SHOWN = 2
"""The least messages in a queue that show growth; one message may be a write that was cut in two."""


class QueueBound(NamedTuple):
    """The judgement of one connection's queue."""

    peak_bytes: int
    bounded: bool | None
    """Whether the queue is bounded; None: it never reached its limit, or was too short to show it."""
    words: str


def judge_memory(timeline: Timeline) -> tuple[bool | None, str]:
    """Whether the server's memory was bounded, with the reason; None if no queue was tested."""
    judged = [judge_queue(one, timeline) for one in timeline.judged()]
    tested = sorted((one for one in judged if one is not None), key=lambda one: -one.peak_bytes)
    unbounded = [one for one in tested if one.bounded is False]
    if unbounded:
        return False, f"not bounded: {_list(unbounded)}"
    bounded = [one for one in tested if one.bounded]
    if bounded:
        return True, f"bounded: {_list(bounded)}"
    if tested:
        return None, f"not tested: {_list(tested)}"
    return None, "not tested: the kernels accepted every byte"


def bounded_at(timeline: Timeline) -> int:
    """Bytes in the longest of the queues that had a bound; 0 if none had."""
    judged = [judge_queue(one, timeline) for one in timeline.judged()]
    return max((one.peak_bytes for one in judged if one is not None and one.bounded), default=0)


def _list(queues: list[QueueBound]) -> str:
    """The largest few queues in words, and the number of the others."""
    words = [one.words for one in queues[:_NAMED]]
    more = len(queues) - _NAMED
    return "; ".join(words + ([f"and {more} more"] if more > 0 else []))


def judge_queue(judged: JudgedConnection, timeline: Timeline) -> QueueBound | None:
    """The judgement of one queue: it has no bound if nothing in the server stopped it while the kernel
    refused.
    """
    info, tally = judged
    peak = tally.peak
    if peak is None or not (peak.queue_bytes or tally.drops):
        return None
    size = f"{info.client}'s queue reached {format_count(peak.queue_bytes)} bytes"
    if "guard-acted" in tally.seen and tally.phase in ENDED:
        return QueueBound(peak.queue_bytes, True, f"{size}, and a guard ended the connection")
    if tally.waits or tally.drops:
        return QueueBound(peak.queue_bytes, True, f"{size} at most")
    if peak.queue_messages < _MESSAGES_SHOWN:
        return QueueBound(peak.queue_bytes, None, f"{size}, too little to judge")
    if timeline.header is not None and timeline.header.policy_limits:
        return QueueBound(peak.queue_bytes, None, f"{size}, less than the policy's limit")
    words = f"{size} in {tally.growth_ticks} ticks of growth, and nothing in the server stopped the growth"
    return QueueBound(peak.queue_bytes, False, words)
