"""A running client in realtime: a trio task that waits for bytes and for the clock."""

import trio

from ..clients import Client, ClientEnd
from .running_client import RunningClient


class RealtimeClient(RunningClient):
    """A client that is a trio task; its turns come with bytes and with the clock."""

    def __init__(self, client: Client, end: ClientEnd) -> None:
        self._client, self._end = client, end
        self._scope = trio.CancelScope()

    async def live(self) -> None:
        """Run the client's coroutine to its end, and note that the client has left."""
        try:
            with self._scope:
                # a client that was killed before its first turn has no socket any more
                await trio.lowlevel.checkpoint_if_cancelled()
                await self._client.behave(self._end)
        finally:
            if self._scope.cancel_called:
                self._end.abort()
            self._end.left = True

    def kill(self) -> None:
        self._scope.cancel()
        if self._end.left:
            self._end.abort()
