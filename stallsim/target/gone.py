"""After the stalled client has died: whether the server lets go of it, and whether memory still grows."""

from dataclasses import dataclass

import trio

from .dial import Wire
from .eyes import LOOK_S, Eyes, Sight
from .slope import slope

_WATCH_S = 1.5


@dataclass(frozen=True)
class Gone:
    """What was seen after the client's end; None stands for what could not be."""

    growth_per_s: float | None = None
    let_go_after_s: float | None = None


async def watch_gone(wire: Wire, eyes: Eyes, sight: Sight) -> Gone:
    """End the connection with RST, and watch the server for a while."""
    wire.abort()
    began_s = trio.current_time()
    let_go_s: float | None = None
    memory: list[tuple[float, float]] = []
    while (since_s := trio.current_time() - began_s) < _WATCH_S:
        await trio.sleep(LOOK_S)
        now = eyes.look()
        if now.memory_bytes is not None:
            memory.append((since_s, now.memory_bytes))
        if let_go_s is None and sight.visible and eyes.server_state is None:
            let_go_s = since_s
    late = [reading for reading in memory if reading[0] > _WATCH_S / 3]
    return Gone(
        growth_per_s=slope(late),
        let_go_after_s=let_go_s,
    )
