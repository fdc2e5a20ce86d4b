"""A fleet is interrupted: which of its tasks learns of it first makes no difference."""

import os

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from stallsim.fleet.holders import _Process
from stallsim.fleet.orders import WakeOrder


async def test_an_order_after_the_listener_was_cancelled_is_cancelled_too() -> None:
    theirs, orders = os.pipe()
    tallies, ours = os.pipe()
    process = _Process(orders, tallies)
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(process.listen)
            await wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()
            with trio.CancelScope(shield=True):
                await wait_all_tasks_blocked()  # the listener has closed its pipes
            with pytest.raises(trio.Cancelled):
                await process.order(WakeOrder(1.0))
    finally:
        os.close(theirs)
        os.close(ours)
