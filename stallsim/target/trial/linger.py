"""After the server's decision to close: whether its socket goes and its memory comes back, for a while."""

import trio

from ...kernel.diag_socket import TcpState
from ...kernel.tcp_info import read_tcp_info
from ..evidence.pace import refused
from ..evidence.stage import Stage
from ..measures import GROWN_MIN_BYTES, Ending
from ..sight.eyes import LOOK_S
from ..spec import WATCH_BYTES, ProbeSpec
from .hold import Hold
from .scene import Scene

_WATCH_S, _WATCH_MIN_S, _DONE_BY_S = 2.0, 0.5, 3.0
"""The watch; where no longer one was asked for it is over by then, but never shorter. Who asks for a stall
of fewer bytes than usual is in a hurry, and has a shorter one, too."""
_LEFT_SHARE = 0.2
_SIGNS = {TcpState.CLOSE_WAIT: "fin", TcpState.CLOSE: "rst"}


async def linger(scene: Scene, held: Hold) -> Ending:
    """Watch a connection that the server has decided to end; the client reads nothing."""
    eyes, first = scene.eyes, scene.eyes.samples[0]
    stage = Stage.STALLS if held.full_after_s is None else Stage.FULL
    now, decided_s = eyes.look(), held.last.at_s
    sign = _sign(scene)
    before, memory = first.memory_bytes, now.memory_bytes
    grown = None if before is None or memory is None else memory - before
    limit_s = _limit_s(scene.spec, decided_s)
    goal = None
    if before is not None and grown is not None and grown >= GROWN_MIN_BYTES:
        goal = before + _LEFT_SHARE * grown
    gone_s, freed_s = None, None
    while True:
        if scene.sight.visible and eyes.server_state is None and gone_s is None:
            gone_s = now.at_s
        if (
            goal is not None
            and freed_s is None
            and now.memory_bytes is not None
            and now.memory_bytes <= goal
        ):
            freed_s = now.at_s
        settled = (gone_s is not None or not scene.sight.visible) and (freed_s is not None or goal is None)
        if settled or now.at_s - decided_s >= limit_s or scene.server_gone():
            break
        await trio.sleep(LOOK_S)
        now = eyes.look()
        scene.tell(stage, now, max(0.0, refused(first, now, scene.pace)))
    return Ending(
        decided_after_s=round(decided_s, 3),
        sign=sign,
        gone_after_s=_rounded(gone_s),
        left_state=TcpState(eyes.server_state).name if eyes.server_state is not None else None,
        left_bytes=now.outq_bytes if eyes.server_state is not None else None,
        grown_bytes=grown,
        freed_after_s=_rounded(freed_s),
        watched_s=round(now.at_s - decided_s, 3),
    )


def _limit_s(spec: ProbeSpec, decided_s: float) -> float:
    if spec.watch_s:
        return _WATCH_S
    share = min(1.0, spec.watch_bytes / WATCH_BYTES)
    return max(_WATCH_MIN_S, min(_WATCH_S * share, _DONE_BY_S - decided_s))


def _sign(scene: Scene) -> str:
    dialogue = scene.stalled.dialogue
    if dialogue.ended is not None:
        return dialogue.ended.how
    state = read_tcp_info(dialogue.wire.sock).state if dialogue.wire.alive else TcpState.CLOSE
    return _SIGNS.get(TcpState(state), "state")


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
