"""Watches both clients after the wake until it is clear what the stalled client still receives."""

from dataclasses import dataclass

import trio
from msgspec.structs import replace

from ..observe.observer import LOOK_S
from ..observe.pace import refused
from ..observe.silence import NO_SILENCE, Silence, longest_silence, withheld_between
from ..observe.step import Step
from .context import TrialContext
from .drain_watch import DrainWatch

_RATE_MIN_S = 0.25
_MAX_S = 3.0
"""Seconds for which a drain is watched even if the time for the whole probe is up."""


@dataclass(frozen=True)
class Drain:
    """What was observed between the wake and the end of the watch."""

    seconds: float = 0.0
    draining: bool = False
    """Whether the stalled client still received more than the witness, or as much as it could read."""
    resumed_after_s: float | None = None
    """Seconds after the wake until the witness received anything."""
    beyond_bytes: int = 0
    """Bytes that the stalled client received beyond those that the kernels held at the wake."""
    surplus_bytes: int = 0
    """Bytes that the stalled client received, since its stall began, in excess of the witness's bytes."""
    forgotten: bool = False
    """Whether the stalled client received nothing at the end although it read, while the witness received
    its stream.
    """
    silence: Silence = NO_SILENCE
    """The longest silence in the witness's stream."""
    withheld_s: float | None = None
    own_lag_s: float = 0.0
    witness_per_s: float | None = None


async def drain(context: TrialContext) -> Drain:
    """Wake the client, and watch until it has caught up, or receives no more than the witness does."""
    stalled, observer = context.stalled, context.observer
    if not stalled.stream_client.connection.alive:
        return Drain()
    before = observer.look()
    stalled.wake()
    watch = DrainWatch(
        before,
        first=observer.looks.first,
        gap_s=context.baseline.worst_gap_s,
        pace=context.pace,
        usual_per_s=context.baseline.bytes_per_s,
        witness=context.witness.stream_client,
        stalled=stalled.stream_client,
        witness_joined=context.witness_joined[0],
    )
    looks, own_lag_s, resumed_s = [before], 0.0, None
    while True:
        await trio.sleep(LOOK_S)
        now = observer.look()
        since_s = now.at_s - before.at_s
        own_lag_s = max(own_lag_s, now.at_s - looks[-1].at_s - LOOK_S)
        looks.append(now)
        if resumed_s is None and now.witness_bytes > before.witness_bytes:
            resumed_s = since_s
        over = watch.over(now, since_s) or (context.time_is_up() and since_s >= _MAX_S)
        lag = refused(observer.looks.first, now, context.pace)
        context.record_look(Step.CAUGHT_UP if watch.caught_up else Step.WAKES, now, max(0.0, lag))
        if over:
            break
    return Drain(
        seconds=since_s,
        draining=watch.draining,
        resumed_after_s=resumed_s,
        beyond_bytes=max(0, now.received_bytes - before.received_bytes - (before.outq_bytes or 0)),
        surplus_bytes=max(
            0, -round(refused(observer.looks.first, replace(now, outq_bytes=0), context.pace))
        ),
        forgotten=watch.forgotten,
        silence=longest_silence(looks),
        withheld_s=withheld_between(before, now),
        own_lag_s=own_lag_s,
        witness_per_s=(
            (now.witness_bytes - before.witness_bytes) / since_s if since_s > _RATE_MIN_S else None
        ),
    )
