"""Turns in lockstep: which client acts, when, and in which order. No kernel queue is involved."""

import trio
import trio.testing

from stallsim.clients import ClientEnd
from stallsim.runner.lockstep_turns import LockstepTurns

from .acting import Acts, drive, ends


async def test_the_order_of_turns_is_the_order_of_connections() -> None:
    turns, acted = LockstepTurns(0.005), list[tuple[int, int]]()
    with ends(turns, 5) as pairs:
        cast = [end for end, _ in pairs]

        async def behave(end: ClientEnd) -> None:
            while True:
                await end.turn()
                acted.append((turns.tick, cast.index(end)))

        async with trio.open_nursery() as nursery:
            for end in reversed(cast):
                turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            drive(turns, cast, 50)
    assert acted == [(tick, number) for tick in range(50) for number in range(5)]


async def test_a_client_that_waits_for_a_tick_has_no_turn_before_it() -> None:
    turns, acted = LockstepTurns(0.005), list[int]()
    with ends(turns, 1) as ((end, _),):

        async def behave(end: ClientEnd) -> None:
            await end.until(7)
            acted.append(turns.tick)
            await end.turn()
            acted.append(turns.tick)
            await end.until_over()
            acted.append(-1)

        async with trio.open_nursery() as nursery:
            turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            drive(turns, [end], 30)
    assert acted == [7, 8]


async def test_who_has_left_gets_no_turn() -> None:
    turns, acted = LockstepTurns(0.005), list[int]()
    with ends(turns, 1) as ((end, _),):

        async def behave(end: ClientEnd) -> None:
            for _ in range(3):
                await end.turn()
                acted.append(turns.tick)

        async with trio.open_nursery() as nursery:
            turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            drive(turns, [end], 10)
        assert end.left
    assert acted == [0, 1, 2]


async def test_before_the_start_a_turn_comes_with_the_bytes() -> None:
    turns = LockstepTurns(0.005)
    with ends(turns, 1) as ((end, peer),):
        shaken = trio.Event()

        async def shake_hands(end: ClientEnd) -> None:
            await end.turn()
            assert end.recv(100) == b"hello"
            shaken.set()

        async with trio.open_nursery() as nursery:
            turns.begin(Acts(how=shake_hands), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            assert not shaken.is_set()
            peer.sendall(b"hello")
            await shaken.wait()


async def test_after_the_start_no_turn_comes_with_the_bytes() -> None:
    turns, acted = LockstepTurns(0.005), list[int]()
    with ends(turns, 1) as ((end, peer),):

        async def behave(end: ClientEnd) -> None:
            while True:
                await end.turn()
                acted.append(turns.tick)

        async with trio.open_nursery() as nursery:
            turns.begin(Acts(how=behave), end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            peer.sendall(b"now")
            turns.hold(end)  # though the bytes have come in the same round of trio's scheduler
            await trio.testing.wait_all_tasks_blocked()
            assert acted == []
            drive(turns, [end], 3)
    assert acted == [0, 1, 2]
