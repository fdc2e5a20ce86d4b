"""The two clients of a probe: the witness, which reads at once, and the one that is stalled."""

from random import Random

import trio

from ..stalls import Stall
from .stream_client import READ_BYTES, StreamClient

_RATE_TICK_S = 0.02
_SEED = 1
"""The same pauses each time."""


class Reader:
    """Reads a websocket as it is told to: everything, so many bytes, at a rate, or nothing."""

    def __init__(self, stream_client: StreamClient, *, reads: bool = True) -> None:
        self.stream_client = stream_client
        self.read_bytes = 0
        self.budget: float = 0.0
        """What it may read before it stops; endless while it reads everything."""
        self._may_read = trio.Event()
        self._has_read = trio.Event()
        if reads:
            self.read_all()

    def stall(self, kind: Stall, first_bytes: int = 0) -> None:
        """From now on read as a client that stalls so, after ``first_bytes`` more."""
        self.stream_client.pongs = kind.healthy
        if not kind.reads_all:
            self.read_no_more_than(first_bytes + kind.reads_more_bytes)

    def wake(self) -> None:
        """Answer Pings again, and read everything, with room for all that waits."""
        if self.stream_client.connection.alive:
            self.stream_client.connection.make_room()
        self.stream_client.pongs = True
        self.read_all()

    def read_all(self) -> None:
        """From now on everything, as soon as it comes."""
        self._allow(float("inf"))

    def read_no_more_than(self, size: int) -> None:
        """From now on so many bytes, and then nothing."""
        self._allow(float(size))

    def _allow(self, budget: float) -> None:
        self.budget = budget
        if budget >= 1:
            self._may_read.set()
            self._may_read = trio.Event()

    async def run(self) -> None:
        """Read until the connection has ended, and send meanwhile what is to be sent."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.stream_client.send_and_answer)
            await self._read()
            await self.stream_client.answer_the_end()
            nursery.cancel_scope.cancel()

    async def _read(self) -> None:
        while self.stream_client.ended is None:
            if self.budget < 1:
                await self._may_read.wait()
                continue
            count = await self.stream_client.read(int(min(self.budget, READ_BYTES)))
            self.read_bytes += count
            self.budget -= count
            self._has_read.set()
            self._has_read = trio.Event()
        self._has_read.set()

    async def progress(self) -> None:
        """Return when it has read once more, or to the end."""
        if self.stream_client.ended is None:
            await self._has_read.wait()

    async def pause(self, longest_s: float) -> None:
        """Read nothing for up to so long, then everything for up to so long, until cancelled."""
        lengths = Random(_SEED)
        while True:
            self.read_no_more_than(0)
            await trio.sleep(lengths.uniform(longest_s / 2, longest_s))
            self.read_all()
            await trio.sleep(lengths.uniform(longest_s / 2, longest_s))

    async def drip(self, bytes_per_s: float) -> None:
        """Read at that rate, until cancelled."""
        while True:
            self._allow(max(0.0, self.budget) + bytes_per_s * _RATE_TICK_S)
            await trio.sleep(_RATE_TICK_S)
