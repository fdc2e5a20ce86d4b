"""Waits until a client has received what the server sends on joining (a welcome, a snapshot, a history),
which is not part of the stream.

The rest of a large snapshot waits until after the stall, and counts as held.
"""

from collections import deque

import trio

from ...timeline.outside import Look
from ..client.stream_client import StreamClient
from ..observe.observer import LOOK_S, StallObserver
from ..observe.silence import own_seconds

_AHEAD_S = 0.1
"""Seconds by which the witness joins before the stalled client. If the stalled client's stream stays
behind by that, each client has a stream of its own.
"""
_PAUSES_MAX_S = 1.0
"""The longest wait for a stream that pauses at times, in seconds that the machine does not withhold."""
_FLOOD_MAX_S = 2.0
"""The longest wait for a stream that never pauses, in seconds that the machine does not withhold."""
_JOINING_MAX_S = 3.0
"""The longest wait for the rest of a large message, in seconds that the machine does not withhold."""
_BEGINS_S = 0.5
"""Seconds that a server may need to produce its first message."""
_EMPTY_LOOKS = 3
_WINDOW_S, _FASTER = 0.3, 1.2
_LONG_BYTES = 65536


async def settle_witness(observer: StallObserver, witness: StreamClient) -> bool:
    """Wait until the witness, still alone, has read what the server sends on joining; return whether it
    has. It has not if more bytes waited at each look: then it is not known where the stream begins.
    """
    empty, emptied = 0, False
    first = observer.look()
    await trio.sleep(_AHEAD_S)
    while witness.ended is None:
        now = observer.look()
        own_s = own_seconds(first, now)
        begun = witness.log.fed_bytes > 0 or own_s > _BEGINS_S
        empty = empty + 1 if begun and not observer.witness_waits else 0
        emptied = emptied or empty > 0
        if not _inside_a_long_one(witness):
            if empty >= _EMPTY_LOOKS:
                return True
            if own_s > (_PAUSES_MAX_S if emptied else _FLOOD_MAX_S):
                return emptied
        if own_s > _JOINING_MAX_S:
            return emptied
        await trio.sleep(LOOK_S)
    return True


async def settle_both(observer: StallObserver, stalled: StreamClient) -> bool:
    """Wait, for a limited time, until the stalled client receives no more than the witness and no bytes
    wait for it; return whether that happened.
    """
    recent: deque[Look] = deque()
    empty, first = 0, observer.look()
    while stalled.ended is None:
        now = observer.look()
        if own_seconds(first, now) > _JOINING_MAX_S:
            return False
        recent.append(now)
        while now.at_s - recent[0].at_s > _WINDOW_S:
            recent.popleft()
        empty = 0 if now.rcvq_bytes or now.outq_bytes else empty + 1
        if not _inside_a_long_one(stalled) and (empty >= _EMPTY_LOOKS or _keeps_pace(recent)):
            return True
        await trio.sleep(LOOK_S)
    return True


def _inside_a_long_one(stream_client: StreamClient) -> bool:
    """Whether a snapshot, which comes as one message, is still incomplete."""
    return stream_client.log.unfinished_bytes > _LONG_BYTES


def _keeps_pace(recent: deque[Look]) -> bool:
    first, last = recent[0], recent[-1]
    if last.at_s - first.at_s < _WINDOW_S - 2 * LOOK_S:
        return False
    given, taken = last.witness_bytes - first.witness_bytes, last.received_bytes - first.received_bytes
    return taken <= _FASTER * given
