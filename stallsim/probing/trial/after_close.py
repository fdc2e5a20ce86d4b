"""Watches, after the server's decision to close, whether its socket is closed and its memory comes back."""

import trio

from ...kernel.diag_socket import TcpState
from ...timeline.probed.measures import GROWN_MIN_BYTES, LEFT_SHARE, Ending
from ..observe.observer import LOOK_S
from ..observe.pace import refused
from ..observe.step import Step
from ..spec import SHORT_BYTES, WatchUntil
from .context import TrialContext
from .stall import StallEnd

_WATCH_S = 2.0
"""Seconds for which the connection is watched; less if the user asked for fewer refused
bytes than usual.
"""
_WATCH_MIN_S = 0.5
"""The least seconds for which the connection is watched."""
_DONE_BY_S = 3.0
"""Seconds after the stall's beginning at which the watch ends, if the user asked for refused bytes."""
_SIGNS = {TcpState.CLOSE_WAIT: "fin", TcpState.CLOSE: "rst"}


async def watch_close(context: TrialContext, held: StallEnd) -> Ending:
    """Watch a connection that the server has decided to end, while the client reads nothing."""
    observer, first = context.observer, context.observer.looks.first
    step = Step.STALLS if held.full_after_s is None else Step.FULL
    now, decided_s = observer.look(), held.last.at_s
    sign = _sign(context)
    before, memory = first.memory_bytes, now.memory_bytes
    grown = None if before is None or memory is None else memory - before
    limit_s = _limit_s(context.watch, decided_s)
    goal = None
    if before is not None and grown is not None and grown >= GROWN_MIN_BYTES:
        goal = before + LEFT_SHARE * grown
    gone_s, freed_s = None, None
    while True:
        if context.view.visible and observer.server_state is None and gone_s is None:
            gone_s = now.at_s
        if (
            goal is not None
            and freed_s is None
            and now.memory_bytes is not None
            and now.memory_bytes <= goal
        ):
            freed_s = now.at_s
        settled = (gone_s is not None or not context.view.visible) and (freed_s is not None or goal is None)
        if settled or now.at_s - decided_s >= limit_s or context.server_gone():
            break
        await trio.sleep(LOOK_S)
        now = observer.look()
        context.record_look(step, now, max(0.0, refused(first, now, context.pace)))
    return Ending(
        decided_after_s=round(decided_s, 3),
        sign=sign,
        gone_after_s=_rounded(gone_s),
        left_state=TcpState(observer.server_state).name if observer.server_state is not None else None,
        left_bytes=now.outq_bytes if observer.server_state is not None else None,
        grown_bytes=grown,
        freed_after_s=_rounded(freed_s),
        watched_s=round(now.at_s - decided_s, 3),
    )


def _limit_s(watch: WatchUntil, decided_s: float) -> float:
    if watch.until_bytes is None:
        return _WATCH_S
    share = min(1.0, watch.until_bytes / SHORT_BYTES)
    return max(_WATCH_MIN_S, min(_WATCH_S * share, _DONE_BY_S - decided_s))


def _sign(context: TrialContext) -> str:
    stream_client = context.stalled.stream_client
    if stream_client.ended is not None:
        return stream_client.ended.how
    return _SIGNS.get(stream_client.connection.state, "state")


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
