"""After the stalled client has died: whether memory still grows, and the witness's stream goes on."""

from dataclasses import dataclass

import trio

from .dial import Wire
from .eyes import LOOK_S, Eyes
from .slope import slope
from .stage import Stage, Tell

_WATCH_S = 1.5


@dataclass(frozen=True)
class Gone:
    """What was seen after the client's end; None stands for what could not be."""

    growth_per_s: float | None = None
    witness_per_s: float | None = None


async def watch_gone(wire: Wire, eyes: Eyes, tell: Tell) -> Gone:
    """End the connection with RST, and watch the server for a while."""
    wire.abort()
    began_s = trio.current_time()
    before = eyes.look()
    memory: list[tuple[float, float]] = []
    while (since_s := trio.current_time() - began_s) < _WATCH_S:
        await trio.sleep(LOOK_S)
        now = eyes.look()
        tell(Stage.GONE, now, 0.0)
        if now.memory_bytes is not None:
            memory.append((since_s, now.memory_bytes))
    late = [reading for reading in memory if reading[0] > _WATCH_S / 3]
    return Gone(
        growth_per_s=slope(late),
        witness_per_s=(now.witness_bytes - before.witness_bytes) / since_s,
    )
