"""What takes long to read is read in a thread, and the event loop, in which the witnesses are, goes on."""

import threading
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

import pytest
import trio

from stallsim.fleet.readings import Readings
from stallsim.probing.observe.server_view import ServerView
from stallsim.timeline.fleet.reading import Reading

PATIENCE_S = 60.0


class Idle:
    """Neither witnesses nor clients."""

    def turn(self) -> None:
        return None

    def readings(self, own: Reading) -> Sequence[Reading]:
        return (own,)


class Slow:
    """Answers only when the event loop has gone on."""

    def __init__(self) -> None:
        self.went_on = threading.Event()

    def read(self) -> None:
        assert self.went_on.wait(PATIENCE_S), "the event loop was held up"

    def datagrams(self, *_: object, **__: object) -> list[bytes]:
        self.read()
        return []


@pytest.mark.parametrize("memory", [False, True])
def test_the_event_loop_goes_on_while_sockets_are_read(*, memory: bool) -> None:
    slow, idle = Slow(), cast("Any", Idle())
    view = ServerView() if memory else ServerView(diag=cast("Any", slow))
    readings = Readings(idle, view, idle, 1, cast("Any", slow))

    async def both() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(partial(readings.read, 1, memory=memory))
            await trio.lowlevel.checkpoint()
            slow.went_on.set()

    trio.run(both)
