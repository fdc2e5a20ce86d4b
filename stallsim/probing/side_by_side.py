"""The stalls of a plan, side by side where each has a fresh server and the machine has room; else in turn.

A stall mostly waits. One server is started at a time, and the next only once the baseline of the one
before says what such a stall takes of this machine. Nothing that went wrong beside others is held against
the server: it is tried again alone.
"""

import math
import os
from collections.abc import Awaitable, Callable, Sequence

import trio

from ..errors import OutOfTime, StallsimError
from ..timeline.probed.measures import Period
from ..timeline.probed.outcomes import Finding, Outcome
from ..timeline.probed.result import StallReport
from .attempt import Begins, Tried
from .plan import Planned

_ROOM = 0.5
"""Of all CPUs, as much as the stalls that go on and the next one may take together."""
_REPEATED_MAX_S = 5.0
"""A longer look is not repeated for what it showed: it was beside others for a part of it only."""
_HARMS = frozenset({Finding.STARVES_OTHERS, Finding.FREEZES_ON_RESUME})
_Attempt = Callable[[int, Planned, Begins], Awaitable[Tried]]


class SideBySide:
    """Numbers are those of the plan, from 1."""

    def __init__(
        self,
        plan: Sequence[Planned],
        attempt: _Attempt,
        *,
        at_once: int | None,
        time_is_up: Callable[[], bool],
    ) -> None:
        """``at_once``: so many at most; None: as many as there is room for."""
        self._plan, self._attempt, self._time_is_up = plan, attempt, time_is_up
        self._at_once = len(plan) if at_once is None else at_once
        self._room = _ROOM * len(os.sched_getaffinity(0))
        self._loads: dict[int, float] = {}
        """What those that go on take, in CPUs; all of them until it is known."""
        self._beside: set[int] = set()
        self._again: set[int] = set()
        self._one_has_ended = trio.Event()
        self._tried: dict[int, Tried] = {}
        self.error: StallsimError | None = None
        """Why it ended before every stall had been tried."""

    @property
    def tried(self) -> list[Tried]:
        """In the order of the plan."""
        return [self._tried[number] for number in sorted(self._tried)]

    async def run(self) -> None:
        """All of them; without a stream only those that need none."""
        async with trio.open_nursery() as nursery:
            for number, planned in enumerate(self._plan, start=1):
                while self._loads and not self._has_room():
                    await self._one_has_ended.wait()
                if self._over():
                    break
                if planned.keepalive or not any(one.streamless for one in self.tried):
                    await nursery.start(self._try, number)
        self._again |= {number for number in self._beside & self._tried.keys() if self._doubtful(number)}
        for number in sorted(self._again):
            if self._over():
                break
            self._beside.discard(number)
            await self._try(number)

    def _has_room(self) -> bool:
        loads = self._loads.values()
        return len(loads) < self._at_once and sum(loads) + max(loads) <= self._room

    def _over(self) -> bool:
        if self.error is None and self._time_is_up():
            self.error = OutOfTime(
                f"the time is up, with {len(self._tried)} of {len(self._plan)} stalls tried"
            )
        return self.error is not None

    async def _try(
        self, number: int, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """``started`` when the stall begins, or when there is nothing of it to begin."""
        planned = self._plan[number - 1]
        self._loads[number] = math.inf
        if len(self._loads) > 1:
            self._beside.update(self._loads)
        begun = False

        def begins(period: Period) -> None:
            nonlocal begun
            self._loads[number] = _load(period, len(self._loads))
            begun = True
            task_status.started()

        try:
            self._tried[number] = await self._attempt(number, planned, begins)
        except StallsimError as error:
            if number in self._beside:
                self._again.add(number)
            else:
                self.error = error
        finally:
            del self._loads[number]
            self._one_has_ended.set()
            self._one_has_ended = trio.Event()
            if not begun:
                task_status.started()

    def _doubtful(self, number: int) -> bool:
        """Beside others its server ended; or it alone showed harm to a witness, and is soon repeated."""
        tried = self._tried[number]
        if tried.server_gone:
            return True
        others = [one.report for other, one in self._tried.items() if other != number]
        alone = _harms(tried.report).difference(*map(_harms, others))
        return bool(alone) and self._plan[number - 1].watch.seconds <= _REPEATED_MAX_S


def _load(period: Period, going_on: int) -> float:
    """In CPUs: the server, and this program's part for it. All of them, where that cannot be told."""
    if period.cpu_share is None or period.own_cpu_share is None:
        return math.inf
    return period.cpu_share + period.own_cpu_share / going_on


def _harms(report: StallReport) -> set[str]:
    blocks = {Outcome.BLOCKS_EVERYONE} & {report.outcome, *(one.outcome for one in report.reactions)}
    return {*blocks, *(_HARMS & set(report.findings))}
