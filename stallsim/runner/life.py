"""One client's life: its coroutine, and what becomes of its end of the connection when that is over."""

import trio

from ..clients import Client, ClientEnd
from .lockstep_turns import LockstepTurns
from .realtime_turns import RealtimeTurns


class Life:
    """A client that acts on its end in its turns, until it has done all that it does or is killed."""

    def __init__(self, client: Client, end: ClientEnd, turns: LockstepTurns | RealtimeTurns) -> None:
        self._client, self._end, self._turns = client, end, turns
        self._scope = trio.CancelScope()

    async def live(self) -> None:
        """Run it."""
        try:
            with self._scope:
                await self._client.behave(self._end)
        finally:
            if self._scope.cancel_called:
                self._end.abort()
            self._end.left = True
            self._turns.rest(self._end)

    def kill(self) -> None:
        """End it wherever it is, and its connection with RST.

        The coroutine ends first: it may have been woken already, and its next step be one on its socket.
        """
        self._scope.cancel()
        if self._end.left:
            self._end.abort()
