"""The stream before the stall: what the witness is given while everybody reads, to compare with."""

import trio

from ..client.dialogue import Dialogue
from ..evidence.observation import Baseline
from ..evidence.pace import refused
from ..evidence.stage import Stage, Tell
from ..sight.eyes import LOOK_S, Eyes

_SETTLE_S, _SETTLE_LOOKS = 0.1, 25
"""What a client is sent when it joins is not the stream."""
_BASELINES = ((0.3, 200), (0.6, 20))
"""So many seconds are enough with so many messages."""
_BASELINE_MAX_S, _BASELINE_GAPS = 2.5, 4
"""A stream that comes in bursts is looked at until several of them have been seen."""


async def take_baseline(eyes: Eyes, witness: Dialogue, tell: Tell) -> Baseline:
    """Read along until there is enough to compare with; a stream that is slow is given more time."""
    await trio.sleep(_SETTLE_S)
    for _ in range(_SETTLE_LOOKS):
        late = eyes.look()
        if not late.rcvq_bytes and not late.outq_bytes:
            break
        await trio.sleep(LOOK_S)
    eyes.begin()
    first, messages = eyes.look(), witness.tape.messages
    worst, last = 0.0, first
    while last.at_s < _BASELINE_MAX_S and witness.ended is None:
        await trio.sleep(LOOK_S)
        last = eyes.look()
        worst = max(worst, last.witness_idle_s)
        tell(Stage.BASELINE, last, 0.0)
        count = witness.tape.messages - messages
        long_s = _BASELINE_GAPS * worst
        if any(last.at_s > max(seconds, long_s) and count >= enough for seconds, enough in _BASELINES):
            break
    seconds = max(last.at_s - first.at_s, LOOK_S)
    given = last.witness_bytes - first.witness_bytes
    taken = given - refused(first, last, 1.0)
    return Baseline(
        seconds=seconds,
        bytes_per_s=given / seconds,
        messages=witness.tape.messages - messages,
        worst_gap_s=worst,
        pace=taken / given if given else 1.0,
    )
