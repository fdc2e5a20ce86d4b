"""All processes that hold clients, as one: orders are shared out, tallies are added up."""

import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import msgspec
import trio
from msgspec.structs import replace

from ..errors import EnvironmentUnfit
from ..timeline.events.fleet import WorkerLost
from ..timeline.fleet.clients import HeldCount
from ..timeline.fleet.merge import total
from ..timeline.fleet.reading import Reading
from ..timeline.fleet.records import Worker
from .mix import Mix, split
from .orders import BeginOrder, EndOrder, OpenOrder, Order, WakeOrder
from .preflight import Short, running_short
from .processes import start_holding

_END_S, _POLL_S = 2.0, 0.02
_TALLY = msgspec.json.Decoder(HeldCount)


class _Process:
    """One of them, by its two pipes."""

    def __init__(self, orders: int, tallies: int) -> None:
        self._orders = trio.lowlevel.FdStream(orders)
        self._tallies = trio.lowlevel.FdStream(tallies)
        self.tally = HeldCount()
        self.gone = False

    async def order(self, order: Order) -> None:
        """Raises Cancelled if ``listen`` is cancelled with this and has closed the pipe first,
        EnvironmentUnfit if the process has ended.
        """
        await trio.lowlevel.checkpoint_if_cancelled()
        try:
            await self._orders.send_all(msgspec.json.encode(order) + b"\n")
        except trio.BrokenResourceError:
            raise EnvironmentUnfit("a process that holds clients has ended") from None

    async def listen(self) -> None:
        """Until this is cancelled; then the pipes are closed."""
        waiting = b""
        async with self._orders, self._tallies:
            async for piece in self._tallies:
                *lines, waiting = (waiting + bytes(piece)).split(b"\n")
                if lines:
                    self.tally = _TALLY.decode(lines[-1])
            self.gone = True
            await trio.sleep_forever()


class Holders(Protocol):
    """Who holds the clients: processes of this machine, or workers on several."""

    @property
    def tally(self) -> HeldCount:
        """What all of them hold. Raises StallsimError where that can go on no more."""
        ...

    async def open(self, count: int, mix: Mix, rate_per_s: float) -> None:
        """So many more clients, at that rate in all."""
        ...

    async def wake(self, share: float) -> None:
        """Let this share of all parked clients read everything from now on."""
        ...

    def readings(self, own: Reading) -> Sequence[Reading]:
        """This program's own, with what it holds, and what others have read since this was asked."""
        ...

    def news(self, tick: int) -> Sequence[Worker | WorkerLost]:
        """Workers that came and went since this was asked."""
        ...

    def short(self) -> Short | None:
        """What runs short on a machine that holds clients; None: nothing."""
        ...


class LocalHolders:
    """Raises EnvironmentUnfit where a process has ended of itself: its clients are gone with it."""

    def __init__(self, processes: list[_Process]) -> None:
        self._processes = processes

    @property
    def tally(self) -> HeldCount:
        gone = sum(one.gone for one in self._processes)
        if gone:
            raise EnvironmentUnfit(
                f"{gone} of {len(self._processes)} processes that hold clients have ended"
            )
        return total([one.tally for one in self._processes])

    async def open(self, count: int, mix: Mix, rate_per_s: float) -> None:
        processes = len(self._processes)
        share = 1 / processes
        each = split(count, {str(number): share for number in range(processes)})
        for number, one in enumerate(self._processes):
            order = OpenOrder(counts=split(each[str(number)], mix), rate_per_s=rate_per_s * share)
            await one.order(order)

    async def wake(self, share: float) -> None:
        for one in self._processes:
            await one.order(WakeOrder(share))

    def readings(self, own: Reading) -> Sequence[Reading]:
        return (replace(own, tally=self.tally),)

    def news(self, tick: int) -> Sequence[Worker | WorkerLost]:
        return ()

    def short(self) -> Short | None:
        return running_short(self.tally)


@asynccontextmanager
async def open_holders(begins: list[BeginOrder]) -> AsyncIterator[LocalHolders]:
    """A process for each of ``begins``; all connections are aborted in the end, within two seconds."""
    parent, pipes = start_holding(len(begins))
    processes = [_Process(orders, tallies) for orders, tallies in pipes]
    async with trio.open_nursery() as nursery:
        try:
            for one, begin in zip(processes, begins, strict=True):
                nursery.start_soon(one.listen)
                await one.order(begin)
            yield LocalHolders(processes)
        finally:
            with trio.CancelScope(shield=True):
                await _end(parent, processes)
        nursery.cancel_scope.cancel()


async def _end(parent: "subprocess.Popen[bytes]", processes: list[_Process]) -> None:
    """Each aborts its connections and ends; those that do not are killed, and the kernel ends them."""
    with trio.move_on_after(_END_S):
        for one in processes:
            with suppress(EnvironmentUnfit, trio.ClosedResourceError):  # it has ended already
                await one.order(EndOrder())
    with trio.move_on_after(_END_S):
        while parent.poll() is None:  # noqa: ASYNC110 - a pidfd is no gain here
            await trio.sleep(_POLL_S)
    parent.kill()
    parent.wait()
