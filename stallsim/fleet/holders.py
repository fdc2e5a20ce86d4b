"""All processes that hold clients, as one: orders are shared out, tallies are added up."""

import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import trio

from ..children.isolated import python_words
from ..errors import EnvironmentUnfit
from .mix import Mix, split
from .orders import Begin, End, Open, Order, Tally, Wake, total

_MODULE = "stallsim.fleet.holding"
_END_S, _POLL_S = 2.0, 0.02
_TALLY = msgspec.json.Decoder(Tally)


class _Process:
    """Started in this thread, since it ends when the thread does that has started it."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(python_words(_MODULE), stdin=pipe, stdout=pipe, bufsize=0)
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None, "a pipe"
        assert stdout is not None, "a pipe"
        self._orders = trio.lowlevel.FdStream(os.dup(stdin.fileno()))
        self._tallies = trio.lowlevel.FdStream(os.dup(stdout.fileno()))
        stdin.close()
        stdout.close()
        self.tally = Tally()
        self.gone = False

    async def order(self, order: Order) -> None:
        await self._orders.send_all(msgspec.json.encode(order) + b"\n")

    async def listen(self) -> None:
        waiting = b""
        async for piece in self._tallies:
            *lines, waiting = (waiting + bytes(piece)).split(b"\n")
            if lines:
                self.tally = _TALLY.decode(lines[-1])
        self.gone = True


class Holders:
    """Raises EnvironmentUnfit where a process has ended of itself: its clients are gone with it."""

    def __init__(self, processes: list[_Process]) -> None:
        self._processes = processes

    @property
    def tally(self) -> Tally:
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
            order = Open(counts=split(each[str(number)], mix), rate_per_s=rate_per_s * share)
            await one.order(order)

    async def wake(self, share: float) -> None:
        """Let this share of all parked clients read everything from now on."""
        for one in self._processes:
            await one.order(Wake(share))


@asynccontextmanager
async def open_holders(begins: list[Begin]) -> AsyncIterator[Holders]:
    """A process for each of ``begins``; all connections are aborted in the end, within two seconds."""
    async with trio.open_nursery() as nursery:
        processes = []
        try:
            for begin in begins:
                one = _Process()
                processes.append(one)
                nursery.start_soon(one.listen)
                await one.order(begin)
            yield Holders(processes)
        finally:
            with trio.CancelScope(shield=True):
                await _end(processes)
        nursery.cancel_scope.cancel()


async def _end(processes: list[_Process]) -> None:
    """Each aborts its connections and ends; one that does not is killed, and the kernel aborts for it."""
    for one in processes:
        with trio.move_on_after(_END_S):
            try:
                await one.order(End())
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                continue  # it has ended already
    with trio.move_on_after(_END_S):
        while any(one.process.poll() is None for one in processes):  # noqa: ASYNC110 - a pidfd is no gain here
            await trio.sleep(_POLL_S)
    for one in processes:
        one.process.kill()
        one.process.wait()
