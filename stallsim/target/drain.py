"""After the wake: the stalled client reads again, and both are watched until it is clear what comes."""

from collections import deque
from dataclasses import dataclass

import trio

from .eyes import LOOK_S, refused
from .observation import Sample
from .scene import Scene

_STEADY_S, _WINDOW_S, _RESUME_S = 0.6, 0.4, 2.0
_FASTER = 1.3
_CAUGHT_UP_S, _CAUGHT_UP_BYTES = 0.2, 65536
_AFTER_S = 0.4
_MAX_S, _PACE_MIN = 3.0, 20e6


@dataclass(frozen=True)
class Drain:
    """What was seen between the wake and the end of the watch."""

    seconds: float = 0.0
    draining: bool = False
    """The stalled client was still given more than the witness."""
    gap_s: float = 0.0
    """The longest time in which the witness was given nothing."""
    own_lag_s: float = 0.0
    witness_per_s: float | None = None


async def drain(scene: Scene) -> Drain:
    """Wake, and read until the stalled client has caught up, or gets no more than the witness gets."""
    witness, stalled, eyes, pace = scene.witness, scene.stalled, scene.eyes, scene.pace
    first, before = eyes.samples[0], eyes.look()
    begin_s = last_s = trio.current_time()
    behind = refused(first, before, pace) + (before.outq_bytes or 0) + before.rcvq_bytes
    limit_s = _MAX_S + max(0.0, behind) / _PACE_MIN
    if not stalled.dialogue.wire.alive:
        return Drain()
    stalled.dialogue.wire.make_room()
    stalled.dialogue.pongs = True
    stalled.read_all()
    recent: deque[Sample] = deque([before])
    gap_s, own_lag_s, draining = 0.0, 0.0, False
    caught_up_s: float | None = None
    while True:
        await trio.sleep(LOOK_S)
        now_s = trio.current_time()
        since_s, own_lag_s, last_s = now_s - begin_s, max(own_lag_s, now_s - last_s - LOOK_S), now_s
        now = eyes.look()
        gap_s = max(gap_s, min(now.witness_idle_s, since_s))
        scene.tell("wakes", now, 0.0)
        recent.append(now)
        while now.at_s - recent[0].at_s > _WINDOW_S:
            recent.popleft()
        if stalled.dialogue.ended or witness.dialogue.ended:
            break
        span = max(LOOK_S, now.at_s - recent[0].at_s)
        witness_per_s = (now.witness_bytes - recent[0].witness_bytes) / span
        stalled_per_s = (now.received_bytes - recent[0].received_bytes) / span
        lag = (now.witness_bytes - first.witness_bytes) * pace - (now.received_bytes - first.received_bytes)
        if lag <= max(_CAUGHT_UP_BYTES, _CAUGHT_UP_S * witness_per_s) and not now.rcvq_bytes:
            caught_up_s = since_s if caught_up_s is None else caught_up_s
            if since_s - caught_up_s >= _AFTER_S:
                break
        steady = stalled_per_s <= _FASTER * pace * witness_per_s and (
            stalled_per_s > 0 or since_s > _RESUME_S
        )
        if since_s >= _STEADY_S and steady and caught_up_s is None:
            break
        if since_s >= limit_s:
            draining = not steady and caught_up_s is None
            break
    seconds = trio.current_time() - begin_s
    return Drain(
        seconds=seconds,
        draining=draining,
        gap_s=gap_s,
        own_lag_s=own_lag_s,
        witness_per_s=(now.witness_bytes - before.witness_bytes) / seconds if seconds > _WINDOW_S else None,
    )
