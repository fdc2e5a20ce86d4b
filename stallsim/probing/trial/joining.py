"""Joins the two clients of a stall to the server: the witness, and then the client that will stall."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..address import Address
from ..client.connection import ClientConnection
from ..client.join import Patience, join
from ..client.stream_client import StreamClient
from ..observe.server_view import ServerView
from ..spec import Target
from ..stalls import Stall

_TRIES_MAX = 12
"""Connections that are tried to find one served by the same process as the witness."""


class Joining:
    """Joins clients with the options of one stall. Raises EnvironmentUnfit if the server cannot be
    reached.
    """

    def __init__(self, target: Target, address: Address, stall: Stall, patience: Patience) -> None:
        self._target, self._address, self._stall, self._patience = target, address, stall, patience

    @asynccontextmanager
    async def join(self, *, stalled: bool = False) -> AsyncIterator[StreamClient]:
        """A client that has joined; its connection is aborted in the end."""
        stream_client = await self.connect(stalled=stalled, patience=None if stalled else self._patience)
        try:
            yield stream_client
        finally:
            stream_client.connection.abort()

    async def connect(self, *, stalled: bool = False, patience: Patience | None = None) -> StreamClient:
        """A client that has joined; the caller ends its connection."""
        return await join(
            self._target,
            self._address,
            rcvbuf=self._stall.rcvbuf if stalled else None,
            maxseg=self._stall.maxseg if stalled else None,
            patience=patience,
        )

    @asynccontextmanager
    async def join_beside(
        self, witness: ClientConnection, view: ServerView
    ) -> AsyncIterator[tuple[StreamClient, bool]]:
        """Join the client that will stall, and return whether another process than the witness's serves
        it.

        If a server has several processes, connections are tried until one is served by the witness's
        process. A server with one process per connection is not a pool, and does not count as several.
        """
        beside = view.holders(witness) if view.holders else frozenset()
        others: list[frozenset[int]] = []
        while True:
            async with self.join(stalled=True) as stream_client:
                own = view.holders(stream_client.connection) if view.holders else frozenset()
                together = not beside or not own or beside & own
                if together or len(others) == _TRIES_MAX:
                    yield stream_client, not together and len({own, *others}) <= len(others)
                    return
                others.append(own)
