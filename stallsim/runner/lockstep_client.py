"""A running client in lockstep: a coroutine that only the driver resumes, once for each turn.

There is no scheduler between driver and client: while the client acts, nothing else does, and when it asks
for its next turn, the driver continues. A client may wait for nothing else.
"""

from types import TracebackType

import trio

from ..clients import Client, ClientEnd
from ..errors import StallsimError
from .running_client import RunningClient


class _Over(BaseException):
    """Raised in a client that waits for a turn that will not come; its ``Scope`` catches it."""


class Scope:
    """``with end.over:`` in lockstep. After ``cancel``, the client leaves the block where
    it waits in it.
    """

    def __init__(self) -> None:
        self._entered = self._cancelled = False

    def __enter__(self) -> None:
        self._entered = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._entered = False
        return kind is _Over

    def cancel(self) -> None:
        """End the scope at the client's next turn."""
        self._cancelled = True

    @property
    def ends(self) -> bool:
        """Whether the client is in the scope and must leave it."""
        return self._entered and self._cancelled


class LockstepClient(RunningClient):
    """A client as a coroutine. It yields None to wait for bytes, and a tick to wait for that tick."""

    def __init__(self, client: Client, end: ClientEnd, over: Scope) -> None:
        self._end, self._over = end, over
        self._coroutine = client.behave(end)
        self._opening = trio.CancelScope()
        self._due_tick: int | None = None

    def begin(self) -> None:
        """Run the client until it waits for the first time."""
        self._resume()

    async def open(self) -> None:
        """Resume the client whenever bytes arrive, until the opening handshake is complete (``hold``)."""
        with self._opening:
            while not self._end.left and self._due_tick is None:
                await trio.lowlevel.wait_readable(self._end.sock)
                if self._opening.cancel_called:
                    break
                self._resume()

    def hold(self) -> None:
        """From now on let the client act only in its turns."""
        self._opening.cancel()

    def take_turn(self, tick: int) -> None:
        """Give the client a turn if it has asked for one by this tick, or must leave its scope."""
        if self._end.left:
            return
        if self._due_tick is None or self._due_tick <= tick or self._over.ends:
            self._turn()

    def leave(self) -> None:
        """End the client's scope; the client acts on that at once."""
        self._over.cancel()
        if self._over.ends:
            self._turn()

    def kill(self) -> None:
        self._opening.cancel()
        self._end.left = True
        self._coroutine.close()
        self._end.abort()

    def _turn(self) -> None:
        self._end.begin_turn()
        self._resume()

    def _resume(self) -> None:
        try:
            asked = self._coroutine.throw(_Over()) if self._over.ends else self._coroutine.send(None)
        except BaseException as ended:
            self._end.left = True
            if not isinstance(ended, StopIteration):
                raise
            return
        if not (asked is None or isinstance(asked, int)):
            self.kill()
            raise StallsimError(
                f"a client awaited {asked!r}: in lockstep it may wait only for turn, until, until_over and "
                "send of its end"
            )
        self._due_tick = asked
