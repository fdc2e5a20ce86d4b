"""Turns in realtime: a client acts when there is something to read, and at every tick."""

import trio

from ..clients import NEVER, Client, ClientEnd
from .realtime_client import RealtimeClient
from .running_client import RunningClient

_IDLE_PAUSE_S = 0.001


class RealtimeTurns:
    """A client acts when there is something to read, and at every tick."""

    def __init__(self, tick_s: float) -> None:
        self.tick, self.tick_s = 0, tick_s
        self.start_s: float | None = None
        self.started = trio.Event()
        self._declined: dict[ClientEnd, int] = {}
        """The bytes that each client had read when its last turn began because its socket was readable."""

    @property
    def now(self) -> float:
        """Scenario time, in seconds."""
        return trio.current_time() - self.time_of(0)

    def scope(self) -> trio.CancelScope:
        """The scope that is cancelled when the scenario is over."""
        return trio.CancelScope()

    async def next(self, end: ClientEnd) -> None:
        if self._declined.get(end) == end.read_bytes:
            await trio.sleep(_IDLE_PAUSE_S)  # the client did not read although it could: avoid a busy loop
        self._declined.pop(end, None)
        deadline = float("inf") if self.start_s is None else self.time_of(self.tick + 1)
        with trio.move_on_at(deadline):
            await trio.lowlevel.wait_readable(end.sock)
            self._declined[end] = end.read_bytes

    async def at(self, end: ClientEnd, tick: int) -> None:
        await self.started.wait()
        if tick >= NEVER:
            await trio.sleep_forever()
        while self.tick < tick:  # noqa: ASYNC110 - the tick follows from the time; the driver may be late
            await trio.sleep_until(self.time_of(max(tick, self.tick + 1)))

    def time_of(self, tick: int) -> float:
        """The time on trio's clock at which the tick is due."""
        return (self.start_s or 0.0) + tick * self.tick_s

    def begin(self, client: Client, end: ClientEnd, nursery: trio.Nursery) -> RunningClient:
        """Start the client as a task in ``nursery``, which begins with its opening handshake."""
        running = RealtimeClient(client, end)
        nursery.start_soon(running.live)
        return running

    def hold(self, end: ClientEnd) -> None:
        """Note that the opening handshake is over, which changes nothing in realtime."""

    def forget(self, end: ClientEnd) -> None:
        """Forget the client, which gets no more turns."""
        self._declined.pop(end, None)
