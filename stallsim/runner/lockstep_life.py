"""A client's life in lockstep: a coroutine that is resumed for each of its turns, by nobody but the driver.

No scheduler stands between the driver and a client: while the client acts, nothing else does, and when it
asks for its next turn, the driver goes on. That is all that it may wait for.
"""

from types import TracebackType

import trio

from ..clients import Client, ClientEnd
from ..errors import StallsimError
from .life import Life


class _Over(BaseException):
    """Raised where a client waits for a turn that it will not get, and caught by its ``Scope``."""


class Scope:
    """``with end.over:`` in lockstep. Cancelled, it is left where the client waits within it."""

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
        """The client's next turn is the end of the scope."""
        self._cancelled = True

    @property
    def ends(self) -> bool:
        """Whether the client is within, and has to leave."""
        return self._entered and self._cancelled


class LockstepLife(Life):
    """A client as a coroutine. It yields None where it waits for something to read, and a tick where it
    waits for that.
    """

    def __init__(self, client: Client, end: ClientEnd, over: Scope) -> None:
        self._end, self._over = end, over
        self._coroutine = client.behave(end)
        self._opening = trio.CancelScope()
        self._due_tick: int | None = None

    def begin(self) -> None:
        """Do what it does before it waits for the first time."""
        self._resume()

    async def open(self) -> None:
        """The opening handshake takes as long as it takes: until ``hold`` a turn comes with the bytes."""
        with self._opening:
            while not self._end.left and self._due_tick is None:
                await trio.lowlevel.wait_readable(self._end.sock)
                if self._opening.cancel_called:
                    break
                self._resume()

    def hold(self) -> None:
        """From now on it acts where it is given a turn, and nowhere else."""
        self._opening.cancel()

    def take_turn(self, tick: int) -> None:
        """One turn, if it has asked for one by that tick, or has to leave its scope."""
        if self._end.left:
            return
        if self._due_tick is None or self._due_tick <= tick or self._over.ends:
            self._resume()

    def leave(self) -> None:
        """Its scope is over, and what it does then it does at once."""
        self._over.cancel()
        if self._over.ends:
            self._resume()

    def kill(self) -> None:
        self._opening.cancel()
        self._end.left = True
        self._coroutine.close()
        self._end.abort()

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
