"""What takes long to read is read in a thread, and the event loop, in which the witnesses are, goes on."""

import threading
from typing import Any, cast

import trio

from stallsim.fleet.readings import Readings
from stallsim.probing.observe.server_view import ServerView

NOT_ASKED = cast("Any", None)
PATIENCE_S = 60.0


def test_the_event_loop_goes_on_while_kernel_memory_is_read() -> None:
    went_on = threading.Event()

    class Slow:
        def read(self) -> None:
            assert went_on.wait(PATIENCE_S), "the event loop was held up"

    readings = Readings(NOT_ASKED, ServerView(), NOT_ASKED, 1, cast("Any", Slow()))

    async def both() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(readings.kernel_memory)
            await trio.lowlevel.checkpoint()
            went_on.set()

    trio.run(both)
