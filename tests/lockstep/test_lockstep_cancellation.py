"""How a client ends in lockstep: by its scope, by a kill, and by an error if it waits for the clock."""

import pytest
import trio
import trio.testing

from stallsim.clients import ClientEnd
from stallsim.errors import StallsimError
from stallsim.runner.lockstep_turns import LockstepTurns

from .acting import Acts, drive, ends


async def test_a_scope_that_is_over_is_left_at_once() -> None:
    turns, acted = LockstepTurns(0.005), list[str]()
    with ends(turns, 1) as ((end, _),):

        async def behave(end: ClientEnd) -> None:
            with end.over:
                await end.until_over()
            acted.append("says Close")
            await end.turn()
            acted.append("leaves")

        async with trio.open_nursery() as nursery:
            turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            drive(turns, [end], 3)
            assert acted == []
            turns.leave(end)
            assert acted == ["says Close"]
            turns.give(end)
    assert acted == ["says Close", "leaves"]
    assert end.left


async def test_outside_its_scope_nothing_ends_but_the_scope_when_it_is_entered() -> None:
    turns, acted = LockstepTurns(0.005), list[str]()
    with ends(turns, 1) as ((end, _),):

        async def behave(end: ClientEnd) -> None:
            await end.turn()
            with end.over:
                acted.append("enters")
                await end.turn()
                acted.append("goes on")
            acted.append("is over")

        async with trio.open_nursery() as nursery:
            turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            turns.hold(end)
            turns.leave(end)
            assert acted == []
            turns.give(end)
            turns.give(end)
    assert acted == ["enters", "is over"]


async def test_who_is_killed_ends_before_its_socket_does() -> None:
    turns, closed = LockstepTurns(0.005), list[bool]()
    with ends(turns, 1) as ((end, _),):

        async def behave(end: ClientEnd) -> None:
            try:
                with end.over:
                    await end.until_over()
            finally:
                closed.append(end.closed)

        end.abort = lambda: closed.append(True)  # type: ignore[method-assign]  # of a unix socket it cannot be
        async with trio.open_nursery() as nursery:
            life = turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            life.kill()
        turns.give(end)
    assert closed == [False, True]
    assert end.left


async def test_a_client_that_waits_for_the_clock_gets_an_error() -> None:
    turns = LockstepTurns(0.005)
    with ends(turns, 1) as ((end, _),):

        async def behave(end: ClientEnd) -> None:
            await end.turn()
            await trio.sleep(1)

        end.abort = lambda: None  # type: ignore[method-assign]
        async with trio.open_nursery() as nursery:
            turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            turns.hold(end)
            with pytest.raises(StallsimError, match=r"in lockstep .* only for turn, until"):
                turns.give(end)


async def test_an_error_of_a_client_is_the_drivers() -> None:
    turns = LockstepTurns(0.005)
    with ends(turns, 1) as ((end, _),):

        async def behave(end: ClientEnd) -> None:
            await end.turn()
            raise LookupError("mine")

        async with trio.open_nursery() as nursery:
            turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            turns.hold(end)
            with pytest.raises(LookupError, match="mine"):
                turns.give(end)
    assert end.left
