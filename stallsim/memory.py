"""Whether the server's memory had a bound, as far as one run could see it."""

from itertools import pairwise

from .records import ConnectionInfo
from .timeline import Timeline
from .units import format_count


def judge_memory(timeline: Timeline) -> tuple[bool | None, str]:
    """Bounded or not, in a word and in words; None where no queue was put to the test."""
    judged = [_judge_queue(info, timeline) for info in timeline.connections]
    tested = [one for one in judged if one is not None]
    unbounded = [words for bounded, words in tested if not bounded]
    if unbounded:
        return False, f"not bounded: {'; '.join(unbounded)}"
    if tested:
        return True, f"bounded: {'; '.join(words for _, words in tested)}"
    return None, "not tested: the kernels took every byte"


def _judge_queue(info: ConnectionInfo, timeline: Timeline) -> tuple[bool, str] | None:
    """A queue has no bound if nothing in the server stopped it while the kernel refused."""
    series = timeline.samples[info.connection]
    peak = max(series, key=lambda sample: sample.queue_bytes, default=None)
    if peak is None or peak.queue_messages < 2:
        return None
    size = f"{info.client}'s queue reached {format_count(peak.queue_bytes)} bytes"
    if any(sample.producer_waits or sample.dropped_bytes for sample in series):
        return True, f"{size} and no more"
    growth = sum(now.queue_bytes > before.queue_bytes for before, now in pairwise(series))
    return False, f"{size} in {growth} ticks of growth, and nothing in the server stopped it"
