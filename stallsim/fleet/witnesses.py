"""A few clients that read everything beside the fleet: what they are given, how soon they are answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import quantiles

import trio
from msgspec import Struct

from ..probing.address import Address
from ..probing.client.join import Patience, join
from ..probing.client.reader import Reader
from ..probing.client.stream_client import StreamClient
from ..probing.spec import Target

_PING_EACH_S = 0.05
_PERCENTILES_MIN = 20


class Witnessed(Struct, frozen=True, kw_only=True):
    """How the witnesses fared for a while, all of them together."""

    seconds: float
    bytes_per_s: float
    """What each of them was given, on average."""
    pongs: int
    p50_s: float | None
    """From a Ping to its Pong; None: there were too few."""
    p99_s: float | None
    worst_s: float
    """The longest; a Ping that still waited counts as well."""
    own_lag_s: float
    """The longest time for which this program itself was kept from looking."""
    ended: int
    """Witnesses whose connection had ended."""


class _Witness:
    """One of them: it reads, and has one Ping under way at any time."""

    def __init__(self, client: StreamClient) -> None:
        self.client, self.reader = client, Reader(client)
        client.on_pong = self._take
        self.waits: list[float] = []
        self.own_lag_s = 0.0
        self._number = 0
        self._sent_s: float | None = None

    @property
    def waiting_s(self) -> float:
        """For how long the Ping that is under way has waited."""
        return 0.0 if self._sent_s is None else trio.current_time() - self._sent_s

    async def ask(self) -> None:
        """Ping until the connection has ended."""
        while self.client.ended is None:
            if self._sent_s is None:
                self._number += 1
                self._sent_s = trio.current_time()
                self.client.ping(b"%d" % self._number)
            due_s = trio.current_time() + _PING_EACH_S
            await trio.sleep_until(due_s)
            self.own_lag_s = max(self.own_lag_s, trio.current_time() - due_s)

    def _take(self, payload: bytes) -> None:
        if self._sent_s is not None and payload == b"%d" % self._number:
            self.waits.append(trio.current_time() - self._sent_s)
            self._sent_s = None


class Witnesses:
    """``turn`` ends a period and begins the next."""

    def __init__(self, witnesses: list[_Witness]) -> None:
        self._witnesses = witnesses
        self._began_s = trio.current_time()
        self._read = self._read_bytes()

    @property
    def first(self) -> StreamClient:
        """One of them, by whose connection the server's process is found."""
        return self._witnesses[0].client

    def turn(self) -> Witnessed:
        """What was seen since the last turn."""
        now_s, read = trio.current_time(), self._read_bytes()
        seconds, given = max(now_s - self._began_s, 1e-6), read - self._read
        self._began_s, self._read = now_s, read
        waits = [wait for one in self._witnesses for wait in one.waits]
        worst_s = max([*waits, *(one.waiting_s for one in self._witnesses)], default=0.0)
        own_lag_s = max(one.own_lag_s for one in self._witnesses)
        for one in self._witnesses:
            one.waits, one.own_lag_s = [], 0.0
        cuts = quantiles(waits, n=100) if len(waits) >= _PERCENTILES_MIN else None
        return Witnessed(
            seconds=round(seconds, 3),
            bytes_per_s=round(given / seconds / len(self._witnesses)),
            pongs=len(waits),
            p50_s=round(cuts[49], 6) if cuts else None,
            p99_s=round(cuts[98], 6) if cuts else None,
            worst_s=round(worst_s, 6),
            own_lag_s=round(own_lag_s, 6),
            ended=sum(one.client.ended is not None for one in self._witnesses),
        )

    def _read_bytes(self) -> int:
        return sum(one.reader.read_bytes for one in self._witnesses)


@asynccontextmanager
async def open_witnesses(
    target: Target, address: Address, count: int, patience: Patience
) -> AsyncIterator[Witnesses]:
    """Raises EnvironmentUnfit where the server does not answer."""
    async with trio.open_nursery() as nursery:
        witnesses: list[_Witness] = []
        try:
            for _ in range(count):
                one = _Witness(await join(target, address, patience=patience))
                witnesses.append(one)
                nursery.start_soon(one.reader.run)
                nursery.start_soon(one.ask)
            yield Witnesses(witnesses)
        finally:
            for one in witnesses:
                one.client.abort()
        nursery.cancel_scope.cancel()
