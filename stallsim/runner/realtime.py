"""The realtime pace: ticks on the wall clock, for what the kernel's own timers decide."""

from contextlib import suppress

import trio

from ..timeline.sample import Refusal
from .connection import Connection
from .realtime_turns import RealtimeTurns
from .stage import Stage

_IDLE_NAP_S = 0.001
_CLOSING_S = 2.0
_TURNS_BEFORE_SAMPLE = 3
"""Rounds of trio's scheduler: one to see that bytes are there, one to read them, one to spare."""


async def run_realtime(stage: Stage, turns: RealtimeTurns) -> None:
    """Run the scenario tick by tick; sessions write and read whenever the kernel lets them."""
    turns.start_s = trio.current_time()
    turns.started.set()
    async with trio.open_nursery() as nursery:
        lots: dict[Connection, trio.lowlevel.ParkingLot] = {}

        def attend(arrived: list[Connection]) -> None:
            for connection in arrived:
                lots[connection] = trio.lowlevel.ParkingLot()
                nursery.start_soon(_write_when_writable, connection, stage, lots[connection])
                nursery.start_soon(_receive_when_readable, connection, turns)

        attend(stage.connections)
        stage.begin()
        for tick in range(stage.scenario.ticks):
            await trio.sleep_until(turns.time_of(tick))
            turns.tick = tick
            if tick:
                attend(await stage.admit(tick))
            for connection in stage.leaving(tick):
                connection.leave()
            stage.produce(tick)
            for connection in stage.connections:
                # An event loop polls its sockets, and the kernel takes note of one that has no room
                # (SOCK_NOSPACE): with the next ACK it grows a send buffer that is auto-tuned.
                if not connection.session.ended:
                    connection.session.sending.outbox.writable()
                _write(connection, stage)
                if connection.session.sending.refusal is not Refusal.NONE:
                    lots[connection].unpark_all()
            stage.abort_doomed(tick)
            await trio.sleep_until(turns.time_of(tick + 1))
            for _ in range(_TURNS_BEFORE_SAMPLE):
                await trio.lowlevel.checkpoint()  # who can read by now has read when we look
            stage.observe(tick, settled=False)
            for connection in lots.keys() - set(stage.connections):
                lots.pop(connection).unpark_all()
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
            if session.sending.refusal is Refusal.NONE:
                await blocked.park()
                continue
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
            if session.heard_all:
                await trio.sleep(turns.tick_s)  # a FIN that is not heeded is readable for ever


async def _let_clients_leave(stage: Stage) -> None:
    for connection in stage.connections:
        connection.end.over.cancel()
    with trio.move_on_after(_CLOSING_S):
        while not all(one.end.left or one.end.asleep for one in stage.connections):  # noqa: ASYNC110
            await trio.sleep(_IDLE_NAP_S)
