"""A client's outbox when its connection ends."""

import pytest
import trio
from trio.testing import memory_stream_pair, wait_all_tasks_blocked

from stallsim.probing.client.outbox import ClientOutbox

pytestmark = pytest.mark.usefixtures("autojump_clock")


async def test_nobody_waits_for_an_outbox_that_sends_no_more() -> None:
    ours, _ = memory_stream_pair()
    outbox = ClientOutbox(ours)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(outbox.run)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    outbox.put(b"too late")
    with trio.fail_after(1):
        await outbox.drained()
    assert outbox.over


async def test_nobody_waits_for_bytes_that_the_end_has_dropped() -> None:
    ours, theirs = memory_stream_pair()
    ours.send_stream.send_all_hook = trio.sleep_forever
    outbox = ClientOutbox(ours)
    with trio.fail_after(1):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(outbox.run)
            outbox.put(b"never sent")
            await wait_all_tasks_blocked()
            nursery.start_soon(outbox.drained)
            await wait_all_tasks_blocked()
            await theirs.aclose()
            nursery.cancel_scope.cancel()
        await outbox.drained()
