"""The stream before the stall: what the witness is given while everybody reads, to compare with."""

import trio

from ..client.stream_client import StreamClient
from ..observe.observation import Baseline
from ..observe.observer import LOOK_S, Observer
from ..observe.pace import refused
from ..observe.step import Step, Tell

_SETTLE_S, _SETTLE_LOOKS = 0.1, 25
"""What a client is sent when it joins is not the stream."""
_BASELINES = ((0.3, 200), (0.6, 20))
"""So many seconds are enough with so many messages."""
_BASELINE_MAX_S, _BASELINE_GAPS = 2.5, 4
"""A stream that comes in bursts is looked at until several of them have been seen."""


async def take_baseline(observer: Observer, witness: StreamClient, tell: Tell) -> Baseline:
    """Read along until there is enough to compare with; a stream that is slow is given more time."""
    await trio.sleep(_SETTLE_S)
    for _ in range(_SETTLE_LOOKS):
        late = observer.look()
        if not late.rcvq_bytes and not late.outq_bytes:
            break
        await trio.sleep(LOOK_S)
    observer.begin()
    first, messages = observer.look(), witness.log.messages
    worst, last = 0.0, first
    while last.at_s < _BASELINE_MAX_S and witness.ended is None:
        await trio.sleep(LOOK_S)
        last = observer.look()
        worst = max(worst, last.witness_idle_s)
        tell(Step.BASELINE, last, 0.0)
        count = witness.log.messages - messages
        long_s = _BASELINE_GAPS * worst
        if any(last.at_s > max(seconds, long_s) and count >= enough for seconds, enough in _BASELINES):
            break
    seconds = max(last.at_s - first.at_s, LOOK_S)
    given = last.witness_bytes - first.witness_bytes
    taken = given - refused(first, last, 1.0)
    return Baseline(
        seconds=seconds,
        bytes_per_s=given / seconds,
        messages=witness.log.messages - messages,
        worst_gap_s=worst,
        pace=taken / given if given else 1.0,
    )
