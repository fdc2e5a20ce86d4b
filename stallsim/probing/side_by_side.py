"""Runs the stalls of a plan: several at a time if each has a server of its own and the CPUs have room,
else in turn.

A stall mostly waits. One server is started at a time, and the next only when the baseline of the one
before has shown how much CPU such a stall takes. A stall that went wrong beside others is tried again
alone, before the server is blamed.
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
"""The share of all CPUs that the running stalls and the next one may take together."""
_GIVEN_MIN = 0.1
"""The least share of its time that a stall is assumed to have been given by a busy machine."""
_REPEATED_MAX_S = 5.0
"""Seconds. A stall with a longer watch is not repeated, since others ran beside it only for a part of that
time.
"""
_HARMS = frozenset({Finding.STARVES_OTHERS, Finding.FREEZES_ON_RESUME})
_Attempt = Callable[[int, Planned, Begins], Awaitable[Tried]]


class SideBySide:
    """Runs a plan's stalls, which are numbered from 1."""

    def __init__(
        self,
        plan: Sequence[Planned],
        attempt: _Attempt,
        *,
        at_once: int | None,
        time_is_up: Callable[[], bool],
    ) -> None:
        """``at_once``: the most stalls at the same time; None: as many as there is room for."""
        self._plan, self._attempt, self._time_is_up = plan, attempt, time_is_up
        self._at_once = len(plan) if at_once is None else at_once
        self._room = _ROOM * len(os.sched_getaffinity(0))
        self._loads: dict[int, float] = {}
        """The CPUs that each running stall takes; infinite until that is known."""
        self._beside: set[int] = set()
        self._again: set[int] = set()
        self._one_has_ended = trio.Event()
        self._tried: dict[int, Tried] = {}
        self.error: StallsimError | None = None
        """Why the probe ended before every stall had been tried."""

    @property
    def tried(self) -> list[Tried]:
        """The results, in the order of the plan."""
        return [self._tried[number] for number in sorted(self._tried)]

    async def run(self) -> None:
        """Run all stalls; if there is no stream, only those that need none."""
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
                f"the time was over after {len(self._tried)} of {len(self._plan)} stalls"
            )
        return self.error is not None

    async def _try(
        self, number: int, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Run one stall. ``task_status`` is started when the stall begins, or when it ends before that."""
        planned = self._plan[number - 1]
        self._loads[number] = math.inf
        if len(self._loads) > 1:
            self._beside.update(self._loads)
        begun = False

        def begins(period: Period, withheld_share: float) -> None:
            nonlocal begun
            self._loads[number] = _load(period, withheld_share, len(self._loads))
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
        """Whether the stall, which ran beside others, must be repeated: its server ended, or only this
        stall showed harm to a witness and its watch is short.
        """
        tried = self._tried[number]
        if tried.server_gone:
            return True
        others = [one.report for other, one in self._tried.items() if other != number]
        alone = _harms(tried.report).difference(*map(_harms, others))
        return bool(alone) and self._plan[number - 1].watch.seconds <= _REPEATED_MAX_S


def _load(period: Period, withheld_share: float, going_on: int) -> float:
    """The load in CPUs that the server, and this program for it, would be on a machine that ran both
    whenever they were ready; infinite if not known.
    """
    if period.cpu_share is None or period.own_cpu_share is None:
        return math.inf
    taken = period.cpu_share + period.own_cpu_share / going_on
    return taken / max(_GIVEN_MIN, 1.0 - withheld_share)


def _harms(report: StallReport) -> set[str]:
    blocks = {Outcome.BLOCKS_EVERYONE} & {report.outcome, *(one.outcome for one in report.reactions)}
    return {*blocks, *(_HARMS & set(report.findings))}
