"""All processes that hold clients, as one: orders are shared out, tallies are added up."""

import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
import trio

from ..children.isolated import python_words
from ..errors import EnvironmentUnfit
from ..timeline.fleet import HeldCount
from ..timeline.fleet_merge import total
from .mix import Mix, split
from .orders import BeginOrder, EndOrder, OpenOrder, Order, WakeOrder

_MODULE = "stallsim.fleet.holding"
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
        await self._orders.send_all(msgspec.json.encode(order) + b"\n")

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


class Holders:
    """Raises EnvironmentUnfit where a process has ended of itself: its clients are gone with it."""

    def __init__(self, processes: list[_Process]) -> None:
        self._processes = processes

    @property
    def tally(self) -> HeldCount:
        """What all of them hold."""
        gone = sum(one.gone for one in self._processes)
        if gone:
            raise EnvironmentUnfit(
                f"{gone} of {len(self._processes)} processes that hold clients have ended"
            )
        return total([one.tally for one in self._processes])

    async def open(self, count: int, mix: Mix, rate_per_s: float) -> None:
        """So many more clients, at that rate in all."""
        processes = len(self._processes)
        share = 1 / processes
        each = split(count, {str(number): share for number in range(processes)})
        for number, one in enumerate(self._processes):
            order = OpenOrder(counts=split(each[str(number)], mix), rate_per_s=rate_per_s * share)
            await one.order(order)

    async def wake(self, share: float) -> None:
        """Let this share of all parked clients read everything from now on."""
        for one in self._processes:
            await one.order(WakeOrder(share))


@asynccontextmanager
async def open_holders(begins: list[BeginOrder]) -> AsyncIterator[Holders]:
    """A process for each of ``begins``; all connections are aborted in the end, within two seconds."""
    parent, processes = _start(len(begins))
    async with trio.open_nursery() as nursery:
        try:
            for one, begin in zip(processes, begins, strict=True):
                nursery.start_soon(one.listen)
                await one.order(begin)
            yield Holders(processes)
        finally:
            with trio.CancelScope(shield=True):
                await _end(parent, processes)
        nursery.cancel_scope.cancel()


def _start(count: int) -> "tuple[subprocess.Popen[bytes], list[_Process]]":
    """All as copies of one, in this thread, since they end when the thread does that has started them."""
    orders, tallies = [os.pipe() for _ in range(count)], [os.pipe() for _ in range(count)]
    given = [(reads, writes) for (reads, _), (_, writes) in zip(orders, tallies, strict=True)]
    try:
        parent = subprocess.Popen(
            python_words(_MODULE, *(f"{reads},{writes}" for reads, writes in given)),
            stdin=subprocess.DEVNULL,
            pass_fds=[end for pair in given for end in pair],
        )
    finally:
        for end in (end for pair in given for end in pair):
            os.close(end)
    ours = zip(orders, tallies, strict=True)
    return parent, [_Process(writes, reads) for (_, writes), (reads, _) in ours]


async def _end(parent: "subprocess.Popen[bytes]", processes: list[_Process]) -> None:
    """Each aborts its connections and ends; those that do not are killed, and the kernel ends them."""
    with trio.move_on_after(_END_S):
        for one in processes:
            with suppress(trio.BrokenResourceError, trio.ClosedResourceError):  # it has ended already
                await one.order(EndOrder())
    with trio.move_on_after(_END_S):
        while parent.poll() is None:  # noqa: ASYNC110 - a pidfd is no gain here
            await trio.sleep(_POLL_S)
    parent.kill()
    parent.wait()
