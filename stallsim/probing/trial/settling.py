"""What a client is sent on joining (a welcome, a snapshot, a history) is let through before the baseline.

It is no part of the stream. Of what is large the rest waits into the stall, and counts as held.
"""

from collections import deque

import trio

from ...timeline.outside import Look
from ..client.stream_client import StreamClient
from ..observe.observer import LOOK_S, StallObserver

_AHEAD_S, _WITNESS_MAX_S = 0.1, 1.0
"""By so much a witness's own stream is ahead, to be told from one that both share; so long is waited for a
stream that never rests."""
_JOINING_MAX_S = 3.0
_EMPTY_LOOKS = 3
_WINDOW_S, _FASTER = 0.3, 1.2
_LONG_BYTES = 65536


async def settle_witness(observer: StallObserver, witness: StreamClient) -> None:
    """Until the witness, who is alone, has read what it is sent on joining."""
    empty, began_s = 0, trio.current_time()
    await trio.sleep(_AHEAD_S)
    while witness.ended is None:
        observer.look()
        empty = 0 if observer.witness_waits else empty + 1
        since_s = trio.current_time() - began_s
        if not _inside_a_long_one(witness) and (empty >= _EMPTY_LOOKS or since_s > _WITNESS_MAX_S):
            return
        if since_s > _JOINING_MAX_S:
            return
        await trio.sleep(LOOK_S)


async def settle_both(observer: StallObserver, stalled: StreamClient) -> None:
    """Until the other is given no more than the witness, and nothing waits for it, or not for long."""
    recent: deque[Look] = deque()
    empty, began_s = 0, trio.current_time()
    while stalled.ended is None and trio.current_time() - began_s < _JOINING_MAX_S:
        now = observer.look()
        recent.append(now)
        while now.at_s - recent[0].at_s > _WINDOW_S:
            recent.popleft()
        empty = 0 if now.rcvq_bytes or now.outq_bytes else empty + 1
        if not _inside_a_long_one(stalled) and (empty >= _EMPTY_LOOKS or _keeps_pace(recent)):
            return
        await trio.sleep(LOOK_S)


def _inside_a_long_one(stream_client: StreamClient) -> bool:
    """A snapshot comes as one message, and is not complete."""
    return stream_client.log.fed_bytes - stream_client.log.payload_bytes > _LONG_BYTES


def _keeps_pace(recent: deque[Look]) -> bool:
    first, last = recent[0], recent[-1]
    if last.at_s - first.at_s < _WINDOW_S - 2 * LOOK_S:
        return False
    given, taken = last.witness_bytes - first.witness_bytes, last.received_bytes - first.received_bytes
    return taken <= _FASTER * given
