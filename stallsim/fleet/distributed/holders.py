"""The workers as those who hold a fleet's clients, for the loop by which it grows."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from multiprocessing import resource_tracker

import trio
from msgspec.structs import replace

from ...errors import EnvironmentUnfit
from ...timeline.events.fleet import WorkerLost
from ...timeline.fleet.clients import HeldCount
from ...timeline.fleet.merge import total
from ...timeline.fleet.reading import Reading
from ...timeline.fleet.records import Worker
from ..mix import Mix, split
from ..orders import BeginOrder, OpenOrder, WakeOrder
from ..preflight import Short, running_short
from ..spec import OfWorkers
from .coordinator import Coordinator

_POLL_S = 0.05
_READY_S = 60.0
_END_S = 10.0


class WorkersHold:
    """Holders whose clients are on workers."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._recorded: dict[str, int] = {}
        self._read_s: dict[str, float] = {}

    @property
    def tally(self) -> HeldCount:
        if self._coordinator.failure is not None:
            raise self._coordinator.failure
        held = total([one.tally for one in self._coordinator.seen])
        return replace(held, wanted=held.wanted + self._coordinator.undone)

    async def open(self, count: int, mix: Mix, rate_per_s: float) -> None:
        self._coordinator.order(OpenOrder(counts=split(count, mix), rate_per_s=rate_per_s))

    async def wake(self, share: float) -> None:
        self._coordinator.order(WakeOrder(share))

    def readings(self, own: Reading) -> Sequence[Reading]:
        """This program holds nothing itself; of the workers, those that have something new."""
        if self._coordinator.failure is not None:
            raise self._coordinator.failure
        found = [own]
        for one in self._coordinator.seen:
            at_s = -1.0 if one.lost else one.last.at_s if one.last else 0.0
            if self._read_s.get(one.name) != at_s:
                self._read_s[one.name] = at_s
                found.append(one.reading(own))
        return found

    def news(self, tick: int) -> Sequence[Worker | WorkerLost]:
        """A worker's record comes anew with each share that it is given."""
        found: list[Worker | WorkerLost] = []
        for one in self._coordinator.seen:
            share = one.assigned.total()
            if share and one.last is not None and self._recorded.get(one.name) != share:
                self._recorded[one.name] = share
                found.append(one.record(tick))
        while not self._coordinator.lost.empty():
            found.append(self._coordinator.lost.get())
        return found

    def short(self) -> Short | None:
        found = running_short(HeldCount())
        for one in self._coordinator.live:
            if one.last is not None and one.last.short is not None:
                reason, wall = one.last.short
                return Short(f"{one.name}: {reason}", wall)
        return found


@asynccontextmanager
async def open_workers(
    workers: OfWorkers, begin: BeginOrder, rate_per_s: float, *, looks: bool
) -> AsyncIterator[WorkersHold]:
    """Ready when all workers of a local cluster are there, and one of a scheduler's is.

    Raises EnvironmentUnfit where no worker comes.
    """
    coordinator = Coordinator(workers, begin, rate_per_s, looks=looks)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.to_thread.run_sync, _run, coordinator)
        try:
            await _await_workers(coordinator, workers)
            yield WorkersHold(coordinator)
        finally:
            coordinator.stop()


def _run(coordinator: Coordinator) -> None:
    """The workers are sent a terminal's Ctrl-C, too; they inherit this thread's mask, and so ignore it."""
    resource_tracker.ensure_running()  # which would let the signal through when it is first needed
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        asyncio.run(coordinator.run())
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def _await_workers(coordinator: Coordinator, workers: OfWorkers) -> None:
    with trio.move_on_after(_READY_S):
        while len(coordinator.seen) < (workers.count or 1):
            if coordinator.failure is not None:
                raise coordinator.failure
            await trio.sleep(_POLL_S)
    if not coordinator.seen:
        where = "of this machine" if workers.scheduler is None else f"of the scheduler {workers.scheduler}"
        raise EnvironmentUnfit(f"no worker {where} was there within {_READY_S:g} s")
