"""Runs the stall itself: the client stops reading, and both ends are watched until there is enough
evidence.
"""

from dataclasses import dataclass

import trio

from ...timeline.outside import Look
from ..client.message_log import MESSAGES_MAX
from ..observe.observer import LOOK_S, stands_still
from ..observe.pace import refused
from ..observe.silence import own_seconds, silent_s, withheld_between
from ..observe.step import Step
from .context import TrialContext
from .ending import has_ended

_FILL_MAX_S = 4.0
_SILENCE_S, _SILENCE_GAPS = 1.5, 3
_REFUSED_MIN_BYTES = 65536
_STILL_S, _STILL_GAPS, _ENOUGH_S = 0.1, 1.2, 0.2
_PONG_MAX = 1.5
_BEYOND = 1.25
"""A stall is watched this many times beyond the horizon, to observe a bound at the horizon."""
_MESSAGES_MAX = MESSAGES_MAX * 3 // 4
"""Messages after which a stall ends, so that those after the wake can still be compared."""
_FILL_GAPS = 4
"""The kernels may take this many of the stream's longest gaps to fill, since a stream may
come in bursts.
"""
_WATCH_GAPS = 2.5
"""A stall is watched for at least this many of the stream's longest gaps."""
_UNSEEN_KERNEL_BYTES = 4 * 2**20
"""Bytes of a server's largest default send queue (tcp_wmem), assumed if the queue cannot be read."""


@dataclass(frozen=True)
class StallEnd:
    """The end of the stall; its looks are in the observer."""

    stopped_by: str
    """Why the stall ended. ``enough``: enough bytes were refused; ``time``: its time is up; ``memory``:
    the server has taken the allowed memory; ``silence``: the witness receives nothing, which decides;
    ``closed``: the server has ended the connection, or itself; ``messages``: further messages could not be
    compared.
    """
    full_after_s: float | None
    """Seconds from the stall's beginning until the kernels accepted no more; None if they never did."""
    last: Look


async def hold(context: TrialContext) -> StallEnd:
    """Stall the client, and return when there is enough evidence; the client stays stalled."""
    async with trio.open_nursery() as nursery:
        _begin(context, nursery)
        held = await _watch(context)
        nursery.cancel_scope.cancel()
    return held


def _begin(context: TrialContext, nursery: trio.Nursery) -> None:
    stall, stalled = context.stall, context.stalled
    stalled.stall(stall)
    if stall.pause_s:
        nursery.start_soon(stalled.pause, stall.pause_s)
    elif stall.reads_slowly:
        nursery.start_soon(stalled.drip, stall.rate_of(context.baseline.bytes_per_s))


async def _watch(context: TrialContext) -> StallEnd:
    spec, observer, witness = context.spec, context.observer, context.witness.stream_client
    watch = context.watch
    drips, baseline = context.stall.reads_slowly, context.baseline
    gap_s = baseline.worst_gap_s if baseline.has_stream else 0.0
    first, full_after, full_taken = observer.looks.first, None, 0
    fill_s = max(_FILL_MAX_S, watch.seconds, _FILL_GAPS * gap_s)
    if watch.until_bytes is not None and not baseline.has_stream:
        fill_s = max(_FILL_MAX_S, watch.at_least_s)  # without a stream, the bytes are never refused
    watch_s = max(watch.seconds, _WATCH_GAPS * gap_s)
    silence_s = max(_SILENCE_S, _SILENCE_GAPS * gap_s)
    still_s = max(_STILL_S, _STILL_GAPS * gap_s)
    last_taken, taken_s, given = -1, 0.0, first
    while True:
        await trio.sleep(LOOK_S)
        now = observer.note()
        over = refused(first, now, context.pace) - (0 if context.view.visible else _UNSEEN_KERNEL_BYTES)
        taken = now.received_bytes + (now.outq_bytes or 0)
        if taken != last_taken:
            last_taken, taken_s = taken, now.at_s
        given = now if now.witness_bytes != given.witness_bytes else given
        idle_s = min(
            silent_s(now), own_seconds(given, now)
        )  # a silence that the machine withheld shows nothing
        if full_after is None and over > _REFUSED_MIN_BYTES and (drips or now.at_s - taken_s >= still_s):
            full_after, full_taken = now.at_s if drips else taken_s, taken
        elif not drips and taken > full_taken + _REFUSED_MIN_BYTES:
            full_after = None  # it was a pause: the kernels have room
        context.record_look(Step.STALLS if full_after is None else Step.FULL, now, max(0.0, over))
        if has_ended(context.stalled.stream_client, observer) or witness.ended or context.server_gone():
            return StallEnd("closed", full_after, now)
        grown = (now.memory_bytes or 0) - (first.memory_bytes or 0)
        if max(over, grown) >= spec.stop_at_bytes:
            return StallEnd("memory", full_after, now)
        if witness.log.messages >= _MESSAGES_MAX:
            return StallEnd("messages", full_after, now)
        if watch.until_bytes is not None and now.at_s >= watch.at_least_s:
            enough_s = max(_ENOUGH_S, watch.at_least_s)
            if full_after is not None and over >= watch.until_bytes and now.at_s >= full_after + enough_s:
                return StallEnd("enough", full_after, now)
            if idle_s > silence_s and now.rcvq_bytes:
                return StallEnd("silence", full_after, now)
        if context.time_is_up():
            return StallEnd("time", full_after, now)
        end_s = max(fill_s if full_after is None else full_after + watch_s, _pong_due_s(context))
        if over < _BEYOND * spec.horizon_bytes and idle_s <= silence_s:  # more is to come
            end_s += min(watch.longer * watch_s, withheld_between(first, now) or 0.0)
        if now.at_s >= end_s and not (stands_still(now, gap_s) and idle_s < silence_s):
            return StallEnd("time", full_after, now)


def _pong_due_s(context: TrialContext) -> float:
    """Until when a server may end a client that does not answer its Ping, in seconds of the stall; 0 if
    the witness received no Ping, or one so late that waiting would take half as long again.

    A server may count from each client's joining; then its Ping to the stalled client comes later by the
    time between both.
    """
    began_s, watch = context.observer.began_s, context.watch
    witness, stalled = context.witness.stream_client, context.stalled.stream_client
    first_s = witness.pings.first_since(began_s)
    if first_s is None or not watch.after_ping_s:
        return 0.0
    due_s = first_s - began_s + (stalled.joined_s - witness.joined_s) + watch.after_ping_s
    return due_s if due_s <= _PONG_MAX * watch.seconds else 0.0
