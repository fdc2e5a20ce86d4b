"""The lockstep pace: one ordered round a tick, every queue settled, as fast as the machine goes.

Nobody acts but in turn, so what the kernel does between two turns is decided by what was done, and
not by how long it took (docs/determinism.md).
"""

import time

import trio

from .connection import Connection
from .lockstep_turns import LockstepTurns
from .run_state import RunState

_CLOSING_ROUNDS = 20
_PAUSE_EVERY_S = 0.01
"""How often a signal, or whoever watches the run, can get in: it costs a tenth of a tick."""


async def run_lockstep(run: RunState, turns: LockstepTurns) -> None:
    """Run the scenario from its first tick to its last, then let the clients leave."""
    run.begin()
    pause_s = time.perf_counter()
    for tick in range(run.scenario.ticks):
        turns.tick = tick
        if tick and run.arrivals_open:
            await run.admit(tick)
        for connection in run.leaving(tick):
            _dismiss(connection, turns, run.now)
        run.produce(tick)
        wrote = [(connection, _write(connection, run)) for connection in run.connections]
        run.abort_doomed(tick)
        for connection, has_written in wrote:
            _take_turn(connection, turns, has_written, run)
        run.observe(tick, settled=True)
        if run.over:
            break
        if time.perf_counter() >= pause_s:
            await trio.lowlevel.checkpoint()
            pause_s = time.perf_counter() + _PAUSE_EVERY_S
    turns.tick += 1
    _close(run, turns)


def _dismiss(connection: Connection, turns: LockstepTurns, now: float) -> None:
    """A client's life is over: what it still says is received at once."""
    connection.leave()
    turns.leave(connection.end)
    connection.settle()
    connection.receive(now)


def _write(connection: Connection, run: RunState) -> bool:
    """Let the session write until the settled kernel takes no more; whether it took anything."""
    session, wrote = connection.session, False
    while session.write(run.now):
        wrote = True
        run.broadcast.resume(run.now)
        if not session.sending.queue.total_bytes:
            break
        connection.settle(acknowledged=False)  # what has arrived may have made room
    return wrote


def _take_turn(connection: Connection, turns: LockstepTurns, wrote: bool, run: RunState) -> None:
    """Give the client its turn, again as long as it finds more to read; then the session receives.

    A frame that is larger than the kernel's buffer reaches a client that reads in as many writes as it
    takes, all of them in its tick: else the buffer's size would be the rate of the best client.
    """
    end, declined = connection.end, False
    while True:
        moved = end.moved_bytes
        turns.give(end)
        acted = end.moved_bytes != moved
        if wrote or acted:
            connection.settle()
        if acted and connection.frame_in_parts and _write(connection, run):
            connection.settle()
            continue
        if not connection.unread or (declined and not acted):
            break
        declined = not acted
    connection.receive(run.now)


def _close(run: RunState, turns: LockstepTurns) -> None:
    """Clients that are awake say Close and leave; the connections of the others are aborted."""
    for connection in run.connections:
        turns.leave(connection.end)
    for _ in range(_CLOSING_ROUNDS):
        for connection in run.connections:
            connection.session.receive(run.now)
            connection.session.write(run.now)
            turns.give(connection.end)
        if all(connection.end.left or connection.end.asleep for connection in run.connections):
            break
    run.close(turns.tick)
