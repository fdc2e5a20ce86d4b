"""Measures what one client's stall cost the witness beside it."""

import statistics
from collections.abc import Sequence
from itertools import pairwise

from ..timeline.sample import Sample
from . import schedule
from .outcome import Others

_HUNDRED = 100


def observe_witness(samples: Sequence[Sample]) -> Others:
    """The witness's rate, longest gap and latency, from the start of the stall to the server's Close."""
    before = [sample for sample in samples if sample.tick < schedule.STALL_TICK]
    during = [sample for sample in samples if schedule.STALL_TICK <= sample.tick < schedule.CLOSE_TICK]
    read, reads = before[-1].read_messages if before else 0, [schedule.STALL_TICK]
    read_before = read
    for sample in during:
        if sample.read_messages > read:
            read = sample.read_messages
            reads.append(sample.tick)
    reads.append(schedule.CLOSE_TICK)
    latencies = [sample.latency_us for sample in during if sample.latency_us >= 0]
    return Others(
        messages_per_s=round(
            (read - read_before) / ((schedule.CLOSE_TICK - schedule.STALL_TICK) * schedule.TICK_S), 3
        ),
        gap_max_s=round(max(after - first for first, after in pairwise(reads)) * schedule.TICK_S, 6),
        latency_p50_us=_percentile(latencies, 50),
        latency_p99_us=_percentile(latencies, 99),
    )


def _percentile(values: Sequence[int], percent: int) -> int:
    if not values:
        return -1
    if len(values) == 1:
        return values[0]
    return round(statistics.quantiles(values, n=_HUNDRED, method="inclusive")[percent - 1])
