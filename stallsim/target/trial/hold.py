"""The stall itself: the client stops, and both ends are watched until the evidence suffices."""

from dataclasses import dataclass

import trio

from ..evidence.observation import Sample
from ..evidence.pace import refused
from ..evidence.stage import Stage
from ..sight.eyes import LOOK_S, stands_still
from ..spec import WATCH_S
from .ended import has_ended
from .scene import Scene

_FILL_MAX_S = 4.0
_SILENCE_S, _SILENCE_GAPS = 1.5, 3
_REFUSED_MIN_BYTES = 65536
_STILL_S, _STILL_GAPS, _ENOUGH_S = 0.1, 1.2, 0.2
_UNSEEN_KERNEL_BYTES = 4 * 2**20
"""What a server's send queue may hold at most by default, where it cannot be read (tcp_wmem)."""


@dataclass(frozen=True)
class Hold:
    """How the stall went; the samples are with the eyes."""

    stopped_by: str
    """``enough`` was refused; ``time`` is over; the ``memory`` allowed is used up; the witness's
    ``silence`` says it all; ``closed``: the server has ended the connection, or itself."""
    full_after_s: float | None
    """When the kernels took no more."""
    last: Sample


async def hold(scene: Scene) -> Hold:
    """Stall, and return when it is enough; the client is still stalled then."""
    async with trio.open_nursery() as nursery:
        _begin(scene, nursery)
        held = await _watch(scene)
        nursery.cancel_scope.cancel()
    return held


def _begin(scene: Scene, nursery: trio.Nursery) -> None:
    stall, stalled = scene.stall, scene.stalled
    stalled.dialogue.pongs = stall.rate_share > 0
    if stall.rate_share:
        stalled.read_no_more_than(0)
        nursery.start_soon(stalled.drip, scene.baseline.bytes_per_s * stall.rate_share)
    elif not stall.reads_all:
        stalled.read_no_more_than(stall.reads_more_bytes)


async def _watch(scene: Scene) -> Hold:
    spec, eyes, witness = scene.spec, scene.eyes, scene.witness.dialogue
    drips, gap_s = scene.stall.rate_share > 0, scene.baseline.worst_gap_s
    first, full_after, full_taken = eyes.samples[0], None, 0
    watch_s = spec.watch_s or WATCH_S
    fill_s = max(_FILL_MAX_S, watch_s)
    silence_s = max(_SILENCE_S, _SILENCE_GAPS * gap_s)
    still_s = max(_STILL_S, _STILL_GAPS * gap_s)
    last_taken, taken_s = -1, 0.0
    while True:
        await trio.sleep(LOOK_S)
        now = eyes.note()
        over = refused(first, now, scene.pace) - (0 if scene.sight.visible else _UNSEEN_KERNEL_BYTES)
        taken = now.received_bytes + (now.outq_bytes or 0)
        if taken != last_taken:
            last_taken, taken_s = taken, now.at_s
        if full_after is None and over > _REFUSED_MIN_BYTES and (drips or now.at_s - taken_s >= still_s):
            full_after, full_taken = now.at_s if drips else taken_s, taken
        elif not drips and taken > full_taken + _REFUSED_MIN_BYTES:
            full_after = None  # it was a pause: they have room
        scene.tell(Stage.STALLS if full_after is None else Stage.FULL, now, max(0.0, over))
        if has_ended(scene.stalled.dialogue, eyes) or witness.ended or scene.server_gone():
            return Hold("closed", full_after, now)
        grown = (now.memory_bytes or 0) - (first.memory_bytes or 0)
        if max(over, grown) >= spec.stop_at_bytes:
            return Hold("memory", full_after, now)
        if spec.watch_s is None:
            if full_after is not None and over >= spec.watch_bytes and now.at_s >= full_after + _ENOUGH_S:
                return Hold("enough", full_after, now)
            if now.witness_idle_s > silence_s and now.rcvq_bytes:
                return Hold("silence", full_after, now)
        end_s = fill_s if full_after is None else full_after + watch_s
        if now.at_s >= end_s + (silence_s if stands_still(now, gap_s) else 0.0):
            return Hold("time", full_after, now)
