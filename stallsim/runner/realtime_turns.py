"""Turns in realtime: a client acts when there is something to read, and at every tick."""

import trio

from ..clients import NEVER, Client, ClientEnd
from .life import Life
from .realtime_life import RealtimeLife

_IDLE_NAP_S = 0.001


class RealtimeTurns:
    """A client acts when there is something to read, and at every tick."""

    def __init__(self, tick_s: float) -> None:
        self.tick, self.tick_s = 0, tick_s
        self.start_s: float | None = None
        self.started = trio.Event()
        self._declined: dict[ClientEnd, int] = {}
        """What each had read when it was last told that there is more."""

    @property
    def now(self) -> float:
        """Scenario time, in seconds."""
        return trio.current_time() - self.time_of(0)

    def scope(self) -> trio.CancelScope:
        """What is cancelled when the scenario is over."""
        return trio.CancelScope()

    async def next(self, end: ClientEnd) -> None:
        if self._declined.get(end) == end.read_bytes:
            await trio.sleep(_IDLE_NAP_S)  # there was something to read, and it did not: no busy loop
        self._declined.pop(end, None)
        deadline = float("inf") if self.start_s is None else self.time_of(self.tick + 1)
        with trio.move_on_at(deadline):
            await trio.lowlevel.wait_readable(end.sock)
            self._declined[end] = end.read_bytes

    async def at(self, end: ClientEnd, tick: int) -> None:
        await self.started.wait()
        if tick >= NEVER:
            await trio.sleep_forever()
        while self.tick < tick:  # noqa: ASYNC110 - the tick is known by its time; the driver may lag
            await trio.sleep_until(self.time_of(max(tick, self.tick + 1)))

    def time_of(self, tick: int) -> float:
        """When that tick is due, on trio's clock."""
        return (self.start_s or 0.0) + tick * self.tick_s

    def begin(self, client: Client, end: ClientEnd, nursery: trio.Nursery) -> Life:
        """The client is a task in ``nursery``, and begins with its opening handshake."""
        life = RealtimeLife(client, end)
        nursery.start_soon(life.live)
        return life

    def hold(self, end: ClientEnd) -> None:
        """The opening handshake is over: nothing changes here."""

    def forget(self, end: ClientEnd) -> None:
        """The client has no more turns."""
        self._declined.pop(end, None)
