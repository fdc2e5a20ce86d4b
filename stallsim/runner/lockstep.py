"""The lockstep pace: one ordered round a tick, every queue settled, as fast as the machine goes.

Nobody acts but in turn, so what the kernel does between two turns is decided by what was done, and
not by how long it took (docs/determinism.md).
"""

from typing import NamedTuple

import trio
from trio.lowlevel import Abort, Task, current_task, reschedule, wait_task_rescheduled
from trio.testing import MockClock

from ..clients._base import ClientEnd
from .connection import Connection
from .stage import Stage

_CLOSING_ROUNDS = 20


class _Parked(NamedTuple):
    task: Task
    tick: int


class LockstepTurns:
    """Gives each client its turn and waits until it asks for the next."""

    def __init__(self, tick_s: float) -> None:
        self.tick, self.tick_s = 0, tick_s
        self._parked: dict[ClientEnd, list[_Parked]] = {}
        self._opening: list[trio.CancelScope] | None = []
        self._acting: ClientEnd | None = None
        self._driver: Task | None = None
        self.given = 0
        """Turns given since it was last set to 0."""

    @property
    def now(self) -> float:
        """Scenario time, in seconds."""
        return self.tick * self.tick_s

    async def next(self, end: ClientEnd) -> None:
        if self._opening is not None:
            with trio.CancelScope() as scope:
                self._opening.append(scope)
                await trio.lowlevel.wait_readable(end.sock)
                return
        await self.at(end, 0)

    async def at(self, end: ClientEnd, tick: int) -> None:
        parked = _Parked(current_task(), tick)
        self._parked.setdefault(end, []).append(parked)
        self.rest(end)

        def abort(_: object) -> Abort:
            self._parked[end].remove(parked)
            return Abort.SUCCEEDED

        await wait_task_rescheduled(abort)

    def start(self) -> None:
        """The opening handshakes are over: from now on clients act in turn only."""
        scopes, self._opening = self._opening or [], None
        for scope in scopes:
            scope.cancel()

    def rest(self, end: ClientEnd) -> None:
        """The client has asked for its next turn, or has left: the driver goes on."""
        if self._driver is not None and self._acting is end:
            driver, self._driver = self._driver, None
            reschedule(driver)

    async def give(self, end: ClientEnd) -> None:
        """One turn, if the client has asked for one by now."""
        for parked in [one for one in self._parked.get(end, ()) if one.tick <= self.tick]:
            if parked not in self._parked[end]:
                continue  # the turn before has cancelled this one
            self._parked[end].remove(parked)
            self.given += 1
            await self._until_it_rests(end, parked.task)

    async def _until_it_rests(self, end: ClientEnd, task: Task) -> None:
        self._acting, self._driver = end, current_task()
        reschedule(task)

        def abort(_: object) -> Abort:
            self._driver = None
            return Abort.SUCCEEDED

        await wait_task_rescheduled(abort)


async def run_lockstep(stage: Stage, turns: LockstepTurns, clock: MockClock) -> None:
    """Run the scenario from its first tick to its last, then let the clients leave."""
    clock.rate = 0
    turns.start()
    await trio.testing.wait_all_tasks_blocked()
    connections = stage.connections
    for tick in range(stage.scenario.ticks):
        turns.tick = tick
        stage.produce(tick)
        wrote = [_write(connection, stage) for connection in connections]
        stage.abort_doomed(tick)
        for connection in connections:
            await _act(connection, turns, wrote[connection.number], stage.now)
        stage.observe(tick, settled=True)
        if stage.over:
            break
        clock.jump(turns.tick_s)
        if not turns.given:
            await trio.lowlevel.checkpoint()  # a turn is one, too: trio's timeouts and Ctrl-C get in
        turns.given = 0
    turns.tick += 1
    await _close(stage, turns)


def _write(connection: Connection, stage: Stage) -> bool:
    """The session's turn: write until the settled kernel takes no more; whether it took anything."""
    connection.check_undisturbed()
    session, wrote = connection.session, False
    while session.write(stage.now):
        wrote = True
        if stage.broadcast.waiting:
            stage.broadcast.resume(stage.now)
        if not session.queue.total_bytes:
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
