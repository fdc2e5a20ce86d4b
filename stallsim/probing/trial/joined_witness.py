"""The witness of a stall: it joins first and alone, reads everything, and sends Pings."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass

import trio

from ..client.connection import ClientConnection
from ..client.reader import Reader
from ..client.stream_client import StreamClient
from ..observe.connection_reading import ConnectionReading
from ..observe.observer import StallObserver
from ..observe.own_lag import OwnLag
from ..observe.periods import PeriodMeter
from ..observe.ping_latency import PingLatency
from ..observe.server_view import ServerView
from .joining import Joining

OpenView = Callable[[ClientConnection], AbstractContextManager[ServerView]]
"""Finds the server's end of the witness's connection, and the server's processes."""


@dataclass(frozen=True)
class JoinedWitness:
    """The witness, and what observes it and the server."""

    reader: Reader
    reading: ConnectionReading
    ping_latency: PingLatency | None
    """None if the protocol has no Ping, or if the server ends a connection for one."""
    view: ServerView
    meter: PeriodMeter
    own_lag: OwnLag

    @property
    def client(self) -> StreamClient:
        """The client that reads."""
        return self.reader.stream_client

    def observe_alone(self) -> StallObserver:
        """A new observer of the witness alone, for the time before another client joins."""
        return StallObserver(self.reading, self.reading, self.view)

    def server_name(self) -> str:
        """The server's name, as its answer gives it, and the names of its processes."""
        return " ".join(dict.fromkeys(filter(None, (self.client.server, self.view.name()))))


@asynccontextmanager
async def join_witness(
    joining: Joining, nursery: trio.Nursery, open_view: OpenView, *, sends_pings: bool
) -> AsyncIterator[JoinedWitness]:
    """Join the witness. Its tasks run in ``nursery``; its connection is aborted in the end. Raises
    EnvironmentUnfit, StallsimError as ``join`` does.
    """
    own_lag = OwnLag()
    nursery.start_soon(own_lag.run)
    async with joining.join() as client:
        own_lag.reads_everything(client.connection)
        reader, ping_latency = Reader(client), PingLatency(client) if sends_pings else None
        nursery.start_soon(reader.run)
        if ping_latency is not None:
            nursery.start_soon(ping_latency.run)
        with open_view(client.connection) as view:
            reading = ConnectionReading(client, view, stalled=False)
            yield JoinedWitness(
                reader, reading, ping_latency, view, PeriodMeter(view, ping_latency), own_lag
            )
