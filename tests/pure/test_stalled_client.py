"""A stalled client of the API, without a socket: when its stall counts as confirmed."""

from types import SimpleNamespace
from typing import Any, cast

import trio
import trio.testing

from stallsim.api.client import StalledClient
from stallsim.api.queues import Kernels
from stallsim.probing.client.reader import Reader
from stallsim.probing.client.stream_client import StreamClient
from stallsim.probing.stalls import find_stall


class FullKernels:
    """Both kernels are full from the first look on: the client has not had its turn."""

    looks = 0

    def look_for_a_stall(self) -> bool:
        self.looks += 1
        return True

    def read(self) -> Any:
        return SimpleNamespace(window_shut=True)


def test_a_client_that_is_to_read_more_at_first_is_not_stalled_yet() -> None:
    stream, kernels = cast("StreamClient", SimpleNamespace(ended=None, pongs=True)), FullKernels()
    reader = Reader(stream, reads=False)
    reader.stall(find_stall("stop-reading"), 100_000)
    client = StalledClient(stream, reader, cast("Kernels", kernels), find_stall("stop-reading"))

    async def late() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(client.wait_stalled)
            await trio.sleep(1)
            assert kernels.looks > 10
            assert nursery.child_tasks, "it is not confirmed while there is something to read"
            reader.read_no_more_than(0)

    trio.run(late, clock=trio.testing.MockClock(autojump_threshold=0))
