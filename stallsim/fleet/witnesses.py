"""A few clients that read everything beside the fleet: what they are given, how soon they are answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import trio

from ..probing.address import Address
from ..probing.client.join import Patience, join
from ..probing.client.reader import Reader
from ..probing.client.stream_client import StreamClient
from ..probing.observe.ping_latency import PingLatency
from ..probing.spec import Target
from ..timeline.fleet.merge import witnessed
from ..timeline.fleet.witnessed import Witnessed
from ..timeline.histogram import Histogram
from .silence import LongestSilence


class _Witness(NamedTuple):
    client: StreamClient
    reader: Reader
    latency: PingLatency
    silence: LongestSilence


_PERIOD_MIN_S = 0.05
"""In a shorter time nobody is given anything, and the rate would be 0."""


class Witnesses:
    """``turn`` ends a period and begins the next."""

    def __init__(self, witnesses: list[_Witness]) -> None:
        self._witnesses = witnesses
        self._began_s = trio.current_time()
        self._given = self._given_bytes()
        self._last: Witnessed | None = None

    @property
    def first(self) -> StreamClient:
        """One of them, by whose connection the server's process is found."""
        return self._witnesses[0].client

    def turn(self) -> Witnessed:
        """End a period: what they were given since the last one. A moment after that it is the same
        again, and the period goes on.
        """
        now_s, given = trio.current_time(), self._given_bytes()
        if self._last is not None and now_s - self._began_s < _PERIOD_MIN_S:
            return self._last
        seconds, more = max(now_s - self._began_s, 1e-6), given - self._given
        self._began_s, self._given = now_s, given
        waits = [one.latency.turn() for one in self._witnesses]
        self._last = witnessed(
            witnesses=len(waits),
            seconds=seconds,
            bytes_per_s=more / seconds / len(waits),
            given_bytes=more,
            waits_us=Histogram.of(round(1e6 * wait) for one in waits for wait in one.answered),
            worst_s=max(one.longest_s for one in waits),
            own_lag_s=max(one.own_lag_s for one in waits),
            silent_s=max(one.silence.turn() for one in self._witnesses),
            waiting_s=tuple(round(one.waiting_s, 6) for one in waits if one.waiting_s),
            ended=sum(one.client.ended is not None for one in self._witnesses),
        )
        return self._last

    def _given_bytes(self) -> int:
        """Of messages: Pongs and the headers of frames are no data."""
        return sum(one.client.log.fed_bytes for one in self._witnesses)


@asynccontextmanager
async def open_witnesses(
    target: Target, address: Address, count: int, patience: Patience
) -> AsyncIterator[Witnesses]:
    """Raises EnvironmentUnfit where the server does not answer."""
    async with trio.open_nursery() as nursery:
        witnesses: list[_Witness] = []
        try:
            for _ in range(count):
                client = await join(target, address, patience=patience)
                latency = PingLatency(client, carries=True)
                one = _Witness(client, Reader(client), latency, LongestSilence(client))
                witnesses.append(one)
                nursery.start_soon(one.reader.run)
                nursery.start_soon(one.latency.run)
                nursery.start_soon(one.silence.run)
            yield Witnesses(witnesses)
        finally:
            for one in witnesses:
                one.client.abort()
        nursery.cancel_scope.cancel()
