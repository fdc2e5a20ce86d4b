"""How a client of a probe reads: everything at once, as a witness does, or as its kind of stall says."""

from random import Random

import trio

from ..stalls import Stall
from .stream_client import READ_BYTES, StreamClient

_RATE_TICK_S = 0.02
_SEED = 1
"""Pauses are drawn at random; this seed makes them the same in every run."""


class Reader:
    """Reads a stream as it is told to: everything, so many bytes, at a rate, or nothing."""

    def __init__(self, stream_client: StreamClient, *, reads: bool = True) -> None:
        self.stream_client = stream_client
        self.read_bytes = 0
        self.budget: float = 0.0
        """How many bytes it may still read; infinite while it reads everything."""
        self._may_read = trio.Event()
        self._has_read = trio.Event()
        if reads:
            self.read_all()

    @property
    def may_read(self) -> bool:
        """Whether it is to read more, when it has its turn."""
        return self.budget >= 1

    def stall(self, kind: Stall, first_bytes: int = 0) -> None:
        """From now on read as that stall says, after ``first_bytes`` more."""
        self.stream_client.pongs = kind.healthy
        if not kind.reads_all:
            self.read_no_more_than(first_bytes + kind.reads_more_bytes)

    def wake(self) -> None:
        """Read everything again and answer Pings, with a large receive buffer for all that waits."""
        if self.stream_client.connection.alive:
            self.stream_client.connection.make_room()
        self.stream_client.pongs = True
        self.read_all()

    def read_all(self) -> None:
        """From now on read everything, as soon as it comes."""
        self._allow(float("inf"))

    def read_no_more_than(self, size: int) -> None:
        """Read so many bytes more, and then nothing."""
        self._allow(float(size))

    def _allow(self, budget: float) -> None:
        self.budget = budget
        if budget >= 1:
            self._may_read.set()
            self._may_read = trio.Event()

    async def run(self) -> None:
        """Read until the connection has ended; meanwhile send what is to be sent."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.stream_client.send_and_answer)
            await self._read()
            await self.stream_client.answer_the_end()
            nursery.cancel_scope.cancel()

    async def _read(self) -> None:
        while self.stream_client.ended is None:
            if not self.may_read:
                await self._may_read.wait()
                continue
            count = await self.stream_client.read(int(min(self.budget, READ_BYTES)))
            self.read_bytes += count
            self.budget -= count
            self._has_read.set()
            self._has_read = trio.Event()
        self._has_read.set()

    async def progress(self) -> None:
        """Return after one more read, or when the connection has ended."""
        if self.stream_client.ended is None:
            await self._has_read.wait()

    async def pause(self, longest_s: float) -> None:
        """Alternately read nothing and read everything, each for up to so many seconds, until cancelled."""
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
