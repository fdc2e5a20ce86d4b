"""The lockstep pace: one ordered round per tick, with every queue settled, as fast as the machine can.

Every participant acts only in its turn. So the kernel's work between two turns depends on what was done,
not on how long it took (docs/determinism.md).
"""

import time

import trio

from ..timeline.sample import Refusal
from .connection import Connection
from .lockstep_turns import LockstepTurns
from .run_state import RunState

_CLOSING_ROUNDS = 20
_PAUSE_EVERY_S = 0.01
"""Seconds between two pauses in which a signal or a watcher is served; a pause costs a tenth of a tick."""


async def run_lockstep(run: RunState, turns: LockstepTurns) -> None:
    """Run the scenario from its first tick to its last, then let the clients leave."""
    run.begin()
    pause_s = time.perf_counter()
    for tick in range(run.scenario.ticks):
        turns.tick = tick
        if tick and run.arrivals_open:
            await run.admit(tick)
        for connection in run.leaving(tick):
            _make_leave(connection, turns, run.now)
        run.produce(tick)
        wrote = [(connection, _write(connection, run)) for connection in run.connections]
        run.apply_guards(tick)
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


def _make_leave(connection: Connection, turns: LockstepTurns, now: float) -> None:
    """Make a client leave, and receive its last bytes at once."""
    connection.leave()
    turns.leave(connection.end)
    connection.settle()
    connection.receive(now)


def _write(connection: Connection, run: RunState) -> bool:
    """Let the session write until the settled kernel accepts no more; return whether it accepted any
    bytes.
    """
    session, wrote = connection.session, False
    while session.write(run.now):
        wrote = True
        run.broadcast.resume(run.now)
        if not session.sending.queue.total_bytes:
            break
        connection.settle(acknowledged=False)  # arrived bytes may have made room
    else:
        if session.sending.refusal is Refusal.EAGAIN:
            connection.note_refusal()
    return wrote


def _take_turn(connection: Connection, turns: LockstepTurns, wrote: bool, run: RunState) -> None:
    """Give the client turns while it finds more to read; then the session receives.

    A frame larger than the kernel's buffer takes several writes. A client that reads gets all of them
    within its tick; otherwise the buffer's size would limit the rate of the fastest client.
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
    """Let clients that are awake send Close and leave; abort the connections of the others."""
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
