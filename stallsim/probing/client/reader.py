"""How a client of a probe reads: everything at once, as the witness does, or as its kind of stall
requires.
"""

from random import Random

import trio

from ..stalls import Stall
from .eager_stream import READ_BYTES
from .stream_client import StreamClient

_RATE_TICK_S = 0.02
_SEED = 1
"""The seed of the random pauses, constant so that they are the same in every run."""


class Reader:
    """Reads a stream in one of four ways: everything, a number of bytes, at a rate, or nothing."""

    def __init__(self, stream_client: StreamClient, *, reads: bool = True) -> None:
        self.stream_client = stream_client
        self.read_bytes = 0
        self.budget: float = 0.0
        """Bytes that the client may still read; infinite while it reads everything."""
        self._may_read = trio.Event()
        self._has_read = trio.Event()
        self._runs = trio.CancelScope()
        self._stopped = trio.Event()
        if reads:
            self.read_all()

    @property
    def may_read(self) -> bool:
        """Whether the client may read at least one more byte."""
        return self.budget >= 1

    def stall(self, kind: Stall, first_bytes: int = 0) -> None:
        """From now on read as that kind of stall requires, after ``first_bytes`` more."""
        self.stream_client.pongs = kind.healthy
        if not kind.reads_all:
            self.read_no_more_than(first_bytes + kind.reads_more_bytes)

    def wake(self) -> None:
        """Read everything again, answer Pings, and enlarge the receive buffer for the waiting bytes."""
        if self.stream_client.connection.alive:
            self.stream_client.connection.make_room()
        self.stream_client.pongs = True
        self.read_all()

    def read_all(self) -> None:
        """From now on read everything as soon as it comes."""
        self._allow(float("inf"))

    def read_no_more_than(self, size: int) -> None:
        """Read ``size`` more bytes, and then nothing."""
        self._allow(float(size))

    def _allow(self, budget: float) -> None:
        self.budget = budget
        if budget >= 1:
            self._may_read.set()
            self._may_read = trio.Event()

    async def run(self) -> None:
        """Read until the connection has ended or ``stop`` is called, and send the client's messages."""
        try:
            with self._runs:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self.stream_client.send_and_answer)
                    await self._read()
                    await self.stream_client.answer_the_end()
                    nursery.cancel_scope.cancel()
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        """End ``run``, which must have been started, and return when the client's log no longer changes."""
        self._runs.cancel()
        await self._stopped.wait()

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
        """Return after the next read, or when the connection has ended."""
        if self.stream_client.ended is None:
            await self._has_read.wait()

    async def pause(self, longest_s: float) -> None:
        """Alternate between reading nothing and reading everything, each for up to ``longest_s`` seconds,
        until cancelled.
        """
        lengths = Random(_SEED)
        while True:
            self.read_no_more_than(0)
            await trio.sleep(lengths.uniform(longest_s / 2, longest_s))
            self.read_all()
            await trio.sleep(lengths.uniform(longest_s / 2, longest_s))

    async def drip(self, bytes_per_s: float) -> None:
        """Read at this rate until cancelled."""
        while True:
            self._allow(max(0.0, self.budget) + bytes_per_s * _RATE_TICK_S)
            await trio.sleep(_RATE_TICK_S)
