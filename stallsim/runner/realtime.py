"""The realtime pace: ticks on the wall clock, for what the kernel's own timers decide."""

from contextlib import suppress

import trio

from ..clients._base import NEVER, ClientEnd
from ..sample import Refusal
from .connection import Connection
from .stage import Stage

_IDLE_NAP_S = 0.001
_CLOSING_S = 2.0
_TURNS_BEFORE_SAMPLE = 3
"""Rounds of trio's scheduler: one to see that bytes are there, one to read them, one to spare."""


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

    def rest(self, end: ClientEnd) -> None:
        """A client has left: nobody waits for it here."""


async def run_realtime(stage: Stage, turns: RealtimeTurns) -> None:
    """Run the scenario tick by tick; sessions write and read whenever the kernel lets them."""
    turns.start_s = trio.current_time()
    turns.started.set()
    blocked = {connection: trio.lowlevel.ParkingLot() for connection in stage.connections}
    async with trio.open_nursery() as nursery:
        for connection, lot in blocked.items():
            nursery.start_soon(_write_when_writable, connection, stage, lot)
            nursery.start_soon(_receive_when_readable, connection, turns)
        for tick in range(stage.scenario.ticks):
            await trio.sleep_until(turns.time_of(tick))
            turns.tick = tick
            stage.produce(tick)
            for connection, lot in blocked.items():
                # An event loop polls its sockets, and the kernel takes note of one that has no room
                # (SOCK_NOSPACE): with the next ACK it grows a send buffer that is auto-tuned.
                if not connection.session.ended:
                    connection.session.outbox.writable()
                _write(connection, stage)
                if connection.session.refusal is not Refusal.NONE:
                    lot.unpark_all()
            stage.abort_doomed(tick)
            await trio.sleep_until(turns.time_of(tick + 1))
            for _ in range(_TURNS_BEFORE_SAMPLE):
                await trio.lowlevel.checkpoint()  # who can read by now has read when we look
            stage.observe(tick, settled=False)
            if stage.over:
                break
        turns.tick += 1
        await _let_clients_leave(stage)
        nursery.cancel_scope.cancel()
    stage.close(turns.tick)


def _write(connection: Connection, stage: Stage) -> None:
    while connection.session.write(stage.now):
        if stage.broadcast.waiting:
            stage.broadcast.resume(stage.now)


async def _write_when_writable(
    connection: Connection, stage: Stage, blocked: trio.lowlevel.ParkingLot
) -> None:
    session = connection.session
    with suppress(trio.ClosedResourceError):
        while not session.ended:
            if session.refusal is Refusal.NONE:
                await blocked.park()
            await trio.lowlevel.wait_writable(session.sock)
            _write(connection, stage)


async def _receive_when_readable(connection: Connection, turns: RealtimeTurns) -> None:
    session = connection.session
    with suppress(trio.ClosedResourceError):
        while not session.ended and not session.doomed:
            await trio.lowlevel.wait_readable(session.sock)
            now = trio.current_time() - turns.time_of(0)
            session.receive(now)
            session.write(now)


async def _let_clients_leave(stage: Stage) -> None:
    for connection in stage.connections:
        connection.end.over.cancel()
    with trio.move_on_after(_CLOSING_S):
        while not all(one.end.left or one.end.asleep for one in stage.connections):  # noqa: ASYNC110
            await trio.sleep(_IDLE_NAP_S)
