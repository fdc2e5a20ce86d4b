"""Measures the stream before the stall: what the witness receives while both clients read."""

from collections.abc import Sequence

import trio

from ...timeline.outside import Look
from ...timeline.probed.stall_record import Baseline
from ..client.stream_client import StreamClient
from ..observe.observer import LOOK_S, StallObserver
from ..observe.pace import refused
from ..observe.rhythm import Arrivals
from ..observe.silence import own_seconds, withheld_between
from ..observe.slope import slope
from ..observe.step import RecordLook, Step

_BASELINES = ((0.3, 200), (0.6, 20))
"""Pairs of seconds and messages: a baseline is complete after the seconds if it has the messages."""
_GAPS = 4
"""A baseline lasts at least this many times the longest gap so far, so that a stream has time for several
pauses.
"""
BASELINE_MAX_S = 20.0
_SILENT_S = 10.5
"""After this many seconds without a message there is no stream; one every ten seconds is a stream."""
_SILENT_MIN_S = 2.5
"""After this many seconds without a message there is no stream, for a stall that needs none."""
MEMORY_S = 2.0
"""Seconds. In a baseline of this length the growth of memory that goes on is told from that of the server's
first clients, which ends.
"""
_WARM_S = 0.5
"""Seconds at the beginning of such a baseline in which the growth of memory does not count."""
_GROWS_PER_S = 100_000
"""Bytes per second from which on memory is watched for so long."""
_PERIODS = 3
"""A silence must also be this many times the stream's longest pause."""


async def take_baseline(
    observer: StallObserver,
    witness: StreamClient,
    record_look: RecordLook,
    *,
    exactly_s: float | None,
    needed: bool,
    for_memory: bool = False,
) -> Baseline:
    """Measure the stream until there is enough to compare with; a stream in bursts gets more time.

    ``exactly_s``: measure for this many seconds instead. ``needed``: whether the stall shows nothing
    without a stream; otherwise the baseline does not wait for one. ``for_memory``: if memory grows, measure
    for at least ``MEMORY_S``.
    """
    observer.begin()
    first, messages = observer.look(), witness.log.messages
    arrivals, worst, last = Arrivals(), 0.0, first
    memory = _readings(first)
    while witness.ended is None:
        own_s = own_seconds(first, last)
        enough = arrivals.at_s >= exactly_s if exactly_s else _enough(arrivals, worst, own_s, needed=needed)
        if enough and not (for_memory and last.at_s < MEMORY_S and _memory_per_s(memory) > _GROWS_PER_S):
            break
        await trio.sleep(LOOK_S)
        before, last = last, observer.look()
        worst = max(worst, last.witness_idle_s)
        count = witness.log.messages - messages - arrivals.messages
        arrivals.look(last.at_s, last.witness_bytes - before.witness_bytes, count)
        memory += _readings(last)
        record_look(Step.BASELINE, last, 0.0)
    ended = arrivals.idle_s > max(exactly_s or 0.0, _silent_s(arrivals, needed=needed))
    return Baseline(
        seconds=max(last.at_s - first.at_s, LOOK_S),
        bytes_per_s=arrivals.bytes_per_s(),
        messages=arrivals.messages,
        worst_gap_s=max([0.0 if ended else worst, *arrivals.pauses]),
        pace=_pace(first, last),
        rhythm=arrivals.rhythm(),
        ended=ended,
        earlier_messages=messages,
        memory_per_s=_memory_per_s(memory),
        withheld_s=withheld_between(first, last),
    )


def _enough(arrivals: Arrivals, worst_s: float, own_s: float, *, needed: bool) -> bool:
    if arrivals.at_s >= BASELINE_MAX_S:
        return True
    if arrivals.periods_seen or arrivals.idle_s > _silent_s(arrivals, needed=needed):
        return True
    count = arrivals.messages
    return any(own_s > max(seconds, _GAPS * worst_s) and count >= enough for seconds, enough in _BASELINES)


def _silent_s(arrivals: Arrivals, *, needed: bool) -> float:
    return max(_SILENT_S if needed else _SILENT_MIN_S, _PERIODS * max(arrivals.pauses, default=0.0))


def _readings(look: Look) -> list[tuple[float, float]]:
    return [] if look.memory_bytes is None else [(look.at_s, look.memory_bytes)]


def _memory_per_s(memory: Sequence[tuple[float, float]]) -> float:
    """The growth of memory in bytes per second; of a long baseline, the slope without its beginning."""
    if len(memory) < 2:
        return 0.0
    (begin_s, before), (end_s, after) = memory[0], memory[-1]
    if end_s - begin_s >= MEMORY_S:
        return max(0.0, slope([one for one in memory if one[0] >= begin_s + _WARM_S]) or 0.0)
    return max(0.0, (after - before) / max(end_s - begin_s, LOOK_S))


def _pace(first: Look, last: Look) -> float:
    given = last.witness_bytes - first.witness_bytes
    return (given - refused(first, last, 1.0)) / given if given else 1.0
