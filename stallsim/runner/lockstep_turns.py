"""Turns in lockstep: each client acts when the driver says so, and the driver waits until it rests."""

from typing import NamedTuple

import trio
from trio.lowlevel import Abort, Task, current_task, reschedule, wait_task_rescheduled

from ..clients import ClientEnd


class _Parked(NamedTuple):
    task: Task
    tick: int


class LockstepTurns:
    """Gives each client its turn and waits until it asks for the next."""

    def __init__(self, tick_s: float) -> None:
        self.tick, self.tick_s = 0, tick_s
        self._parked: dict[ClientEnd, list[_Parked]] = {}
        self._held: set[ClientEnd] = set()
        self._opening: dict[ClientEnd, list[trio.CancelScope]] = {}
        self._acting: ClientEnd | None = None
        self._driver: Task | None = None
        self.given = 0
        """Turns given since it was last set to 0."""

    @property
    def now(self) -> float:
        """Scenario time, in seconds."""
        return self.tick * self.tick_s

    async def next(self, end: ClientEnd) -> None:
        if end not in self._held:
            with trio.CancelScope() as scope:
                self._opening.setdefault(end, []).append(scope)
                await trio.lowlevel.wait_readable(end.sock)
                return
        await self.at(end, 0)

    async def at(self, end: ClientEnd, tick: int) -> None:
        parked = _Parked(current_task(), tick)
        self._parked.setdefault(end, []).append(parked)
        self.rest(end)

        def abort(_: object) -> Abort:
            if end in self._parked:
                self._parked[end].remove(parked)
            return Abort.SUCCEEDED

        await wait_task_rescheduled(abort)

    async def hold(self, end: ClientEnd) -> None:
        """The opening handshake is over: from now on this client acts in turn only."""
        self._held.add(end)
        for scope in self._opening.pop(end, ()):
            scope.cancel()
        await trio.testing.wait_all_tasks_blocked()

    def forget(self, end: ClientEnd) -> None:
        """The client has no more turns."""
        self._held.discard(end)
        self._parked.pop(end, None)

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
