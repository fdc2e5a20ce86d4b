"""A fake scenario: clients whose ends are pairs of Unix sockets, so that no kernel queue matters."""

import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from random import Random

from stallsim.clients import Client, ClientEnd, Turns
from stallsim.kinds import EventKind
from stallsim.runner.lockstep_turns import LockstepTurns
from stallsim.timeline.events.what import What


class Reports:
    """What the ends of a test have said."""

    def __init__(self) -> None:
        self.kinds: list[EventKind] = []

    def __call__(self, what: What) -> None:
        self.kinds.append(what.kind)


@contextmanager
def ends(turns: Turns, count: int) -> Iterator[list[tuple[ClientEnd, socket.socket]]]:
    """That many ends, each with its peer."""
    pairs = [socket.socketpair() for _ in range(count)]
    for ours, _ in pairs:
        ours.setblocking(False)
    try:
        yield [
            (ClientEnd(ours, ("fake", 0), turns, Reports(), Random(0)), theirs) for ours, theirs in pairs
        ]
    finally:
        for pair in pairs:
            for sock in pair:
                sock.close()


class Acts(Client, frozen=True, kw_only=True):
    """Behaves as a test says."""

    how: Callable[[ClientEnd], Awaitable[None]]

    async def behave(self, end: ClientEnd) -> None:
        await self.how(end)


def drive(turns: LockstepTurns, clients: list[ClientEnd], ticks: int) -> None:
    """Give every end one turn a tick, in order."""
    for end in clients:
        turns.hold(end)
    for turns.tick in range(ticks):
        for end in clients:
            turns.give(end)
