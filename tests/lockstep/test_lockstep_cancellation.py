"""Cancellation at any moment of a turn: nobody waits for somebody who is gone."""

import pytest
import trio
import trio.testing

from stallsim.runner.lockstep_turns import LockstepTurns

from .acting import drive, ends


@pytest.mark.parametrize("cancelled", ["driver", "client"])
async def test_a_cancellation_releases_both(cancelled: str) -> None:
    turns = LockstepTurns(0.005)
    scopes = {"driver": trio.CancelScope(), "client": trio.CancelScope()}
    with ends(turns, 1) as ((end, _),):

        async def behave() -> None:
            with scopes["client"]:
                await end.turn()
                scopes[cancelled].cancel()
                await trio.sleep_forever()  # it never rests
            turns.rest(end)

        with trio.fail_after(10):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(behave)
                await turns.hold(end)
                with scopes["driver"]:
                    await turns.give(end)
                await turns.give(end)  # nobody asks for a turn any more: returns at once
                nursery.cancel_scope.cancel()
    assert {name: scope.cancelled_caught for name, scope in scopes.items()} == {
        "driver": cancelled == "driver",
        "client": cancelled == "client",
    }


async def test_who_was_cancelled_while_waiting_gets_no_turn() -> None:
    turns = LockstepTurns(0.005)
    with ends(turns, 1) as ((end, _),):
        async with trio.open_nursery() as nursery:
            await turns.hold(end)
            nursery.start_soon(end.turn)
            await trio.testing.wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()
        await turns.give(end)
    assert turns.given == 0


async def test_one_task_of_a_client_may_cancel_another() -> None:
    turns, acted = LockstepTurns(0.005), list[int]()
    with ends(turns, 1) as ((end, _),):
        other = trio.CancelScope()

        async def first() -> None:
            while True:
                await end.turn()
                acted.append(turns.tick)
                other.cancel()

        async def second() -> None:
            with other:
                while True:
                    await end.turn()

        async with trio.open_nursery() as nursery:
            await turns.hold(end)
            nursery.start_soon(first)
            await trio.testing.wait_all_tasks_blocked()
            nursery.start_soon(second)
            await trio.testing.wait_all_tasks_blocked()
            await drive(turns, [end], 3)
            nursery.cancel_scope.cancel()
    assert acted == [0, 1, 2]
    assert other.cancelled_caught
