"""The realtime pace: ticks on the wall clock, for behaviour that the kernel's timers decide."""

from contextlib import suppress

import trio

from ..timeline.sample import Refusal
from .connection import Connection
from .lateness import Lateness
from .realtime_turns import RealtimeTurns
from .run_state import RunState

_IDLE_PAUSE_S = 0.001
_CLOSING_S = 2.0
_TURNS_BEFORE_SAMPLE = 3
"""Rounds of trio's scheduler before a sample: one to notice bytes, one to read them, and one in reserve."""


async def run_realtime(run: RunState, turns: RealtimeTurns) -> None:
    """Run the scenario tick by tick; sessions write and read whenever the kernel allows it."""
    turns.start_s = trio.current_time()
    turns.started.set()
    async with trio.open_nursery() as nursery:
        lots: dict[Connection, trio.lowlevel.ParkingLot] = {}

        def attend(arrived: list[Connection]) -> None:
            for connection in arrived:
                lots[connection] = trio.lowlevel.ParkingLot()
                nursery.start_soon(_write_when_writable, connection, run, lots[connection])
                nursery.start_soon(_receive_when_readable, connection, turns)

        attend(run.connections)
        run.begin()
        lateness = Lateness(turns.tick_s)
        for tick in range(run.scenario.ticks):
            await trio.sleep_until(turns.time_of(tick))
            turns.tick = tick
            if tick:
                attend(await run.admit(tick))
            for connection in run.leaving(tick):
                connection.leave()
            run.produce(tick)
            for connection in run.connections:
                _write(connection, run)
                if connection.session.sending.refusal is not Refusal.NONE:
                    lots[connection].unpark_all()
            run.apply_guards(tick)
            await trio.sleep_until(turns.time_of(tick + 1))
            for _ in range(_TURNS_BEFORE_SAMPLE):
                await trio.lowlevel.checkpoint()  # clients with bytes to read have read before the sample
            late_s = trio.current_time() - turns.time_of(tick + 1)
            run.note_late(tick, lateness.note(tick, late_s))
            run.observe(tick, settled=False, late_s=late_s)
            for connection in lots.keys() - set(run.connections):
                lots.pop(connection).unpark_all()
            if run.over:
                break
        run.note_late(turns.tick, lateness.end())
        turns.tick += 1
        await _let_clients_leave(run)
        nursery.cancel_scope.cancel()
    run.close(turns.tick)


def _write(connection: Connection, run: RunState) -> None:
    while connection.session.write(run.now):
        if run.broadcast.waiting:
            run.broadcast.resume(run.now)


async def _write_when_writable(
    connection: Connection, run: RunState, blocked: trio.lowlevel.ParkingLot
) -> None:
    session = connection.session
    with suppress(trio.ClosedResourceError):
        while not session.ended:
            if session.sending.refusal is Refusal.NONE:
                await blocked.park()
                continue
            await trio.lowlevel.wait_writable(session.sock)
            _write(connection, run)


async def _receive_when_readable(connection: Connection, turns: RealtimeTurns) -> None:
    session = connection.session
    with suppress(trio.ClosedResourceError):
        while not session.ended and not session.doomed:
            await trio.lowlevel.wait_readable(session.sock)
            now = trio.current_time() - turns.time_of(0)
            session.receive(now)
            session.write(now)
            if session.peer_finished:
                await trio.sleep(turns.tick_s)  # a FIN stays readable until the socket is closed


async def _let_clients_leave(run: RunState) -> None:
    for connection in run.connections:
        connection.end.over.cancel()
    with trio.move_on_after(_CLOSING_S):
        while not all(one.end.left or one.end.asleep for one in run.connections):  # noqa: ASYNC110
            await trio.sleep(_IDLE_PAUSE_S)
