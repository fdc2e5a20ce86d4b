"""Turns in lockstep: a client acts when the driver resumes it, and the driver continues when the client
waits.
"""

from collections.abc import Generator
from types import coroutine

import trio

from ..clients import Client, ClientEnd
from .lockstep_client import LockstepClient, Scope
from .running_client import RunningClient


class LockstepTurns:
    """Gives each client its turns. ``tick`` is set by the driver."""

    def __init__(self, tick_s: float) -> None:
        self.tick, self.tick_s = 0, tick_s
        self._running: dict[ClientEnd, LockstepClient] = {}

    @property
    def now(self) -> float:
        """Scenario time, in seconds."""
        return self.tick * self.tick_s

    def scope(self) -> Scope:
        """The scope that is cancelled when the scenario is over."""
        return Scope()

    @coroutine
    def next(self, end: ClientEnd) -> Generator[None, None, None]:
        yield

    @coroutine
    def at(self, end: ClientEnd, tick: int) -> Generator[int, None, None]:
        yield tick

    def begin(self, client: Client, end: ClientEnd, nursery: trio.Nursery) -> RunningClient:
        """Start the client, which performs its opening handshake in ``nursery``."""
        assert isinstance(end.over, Scope), "an end has its scope of its turns"
        running = self._running[end] = LockstepClient(client, end, end.over)
        running.begin()
        nursery.start_soon(running.open)
        return running

    def hold(self, end: ClientEnd) -> None:
        """Note that the opening handshake is over: from now on this client acts only in its turns."""
        self._running[end].hold()

    def forget(self, end: ClientEnd) -> None:
        """Forget the client, which gets no more turns."""
        self._running.pop(end, None)

    def give(self, end: ClientEnd) -> None:
        """Give the client a turn, if it has asked for one by now."""
        self._running[end].take_turn(self.tick)

    def leave(self, end: ClientEnd) -> None:
        """End the scenario for this client, which acts on that at once."""
        self._running[end].leave()
