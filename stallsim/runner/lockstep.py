"""The lockstep pace: one ordered round a tick, every queue settled, as fast as the machine goes.

Nobody acts but in turn, so what the kernel does between two turns is decided by what was done, and
not by how long it took (docs/determinism.md).
"""

import trio
from trio.testing import MockClock

from .connection import Connection
from .lockstep_turns import LockstepTurns
from .stage import Stage

_CLOSING_ROUNDS = 20


async def run_lockstep(stage: Stage, turns: LockstepTurns, clock: MockClock) -> None:
    """Run the scenario from its first tick to its last, then let the clients leave."""
    clock.rate = 0
    stage.begin()
    for tick in range(stage.scenario.ticks):
        turns.tick = tick
        if tick and stage.door_open:
            await stage.admit(tick)
        for connection in stage.leaving(tick):
            await _dismiss(connection, stage.now)
        stage.produce(tick)
        wrote = [(connection, _write(connection, stage)) for connection in stage.connections]
        stage.abort_doomed(tick)
        for connection, has_written in wrote:
            await _act(connection, turns, has_written, stage.now)
        stage.observe(tick, settled=True)
        if stage.over:
            break
        clock.jump(turns.tick_s)
        if not turns.given:
            await trio.lowlevel.checkpoint()  # a turn is one, too: trio's timeouts and Ctrl-C get in
        turns.given = 0
    turns.tick += 1
    await _close(stage, turns)


async def _dismiss(connection: Connection, now: float) -> None:
    """A client's life is over: what it still says is heard at once."""
    connection.leave()
    await trio.testing.wait_all_tasks_blocked()
    connection.settle()
    connection.hear(now)


def _write(connection: Connection, stage: Stage) -> bool:
    """The session's turn: write until the settled kernel takes no more; whether it took anything."""
    session, wrote = connection.session, False
    while session.write(stage.now):
        wrote = True
        if stage.broadcast.waiting:
            stage.broadcast.resume(stage.now)
        if not session.sending.queue.total_bytes:
            break
        connection.settle(acknowledged=False)  # what has arrived may have made room
    return wrote


async def _act(connection: Connection, turns: LockstepTurns, wrote: bool, now: float) -> None:
    """The client's turn, again as long as it finds more to read; then the session hears it."""
    end, declined = connection.end, False
    while True:
        moved = end.moved_bytes
        await turns.give(end)
        acted = end.moved_bytes != moved
        if wrote or acted:
            connection.settle()
        if not connection.unread or (declined and not acted):
            break
        declined = not acted
    connection.hear(now)


async def _close(stage: Stage, turns: LockstepTurns) -> None:
    """Clients that are awake say Close and leave; the connections of the others are aborted."""
    for connection in stage.connections:
        connection.end.over.cancel()
    for _ in range(_CLOSING_ROUNDS):
        await trio.testing.wait_all_tasks_blocked()
        for connection in stage.connections:
            connection.session.receive(stage.now)
            connection.session.write(stage.now)
            await turns.give(connection.end)
        if all(connection.end.left or connection.end.asleep for connection in stage.connections):
            break
    stage.close(turns.tick)
