"""Turns in lockstep: who acts, when, and in which order, without a kernel that has an opinion."""

import trio
import trio.testing

from stallsim.runner.lockstep_turns import LockstepTurns

from .acting import drive, ends


async def test_the_order_of_turns_is_the_order_of_connections() -> None:
    turns, acted = LockstepTurns(0.005), list[tuple[int, int]]()
    with ends(turns, 5) as pairs:
        cast = [end for end, _ in pairs]

        async def behave(number: int) -> None:
            while True:
                await cast[number].turn()
                acted.append((turns.tick, number))
                for _ in range(number):
                    await trio.lowlevel.checkpoint()  # trio shuffles its run queue at each

        async with trio.open_nursery() as nursery:
            for number in reversed(range(5)):
                nursery.start_soon(behave, number)
            await trio.testing.wait_all_tasks_blocked()
            await drive(turns, cast, 50)
            nursery.cancel_scope.cancel()
    assert acted == [(tick, number) for tick in range(50) for number in range(5)]
    assert turns.given == 250


async def test_who_sleeps_until_a_tick_has_no_turn_before_it() -> None:
    turns, acted = LockstepTurns(0.005), list[int]()
    with ends(turns, 1) as ((end, _),):

        async def behave() -> None:
            await end.until(7)
            acted.append(turns.tick)
            await end.turn()
            acted.append(turns.tick)
            await end.until_over()
            acted.append(-1)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(behave)
            await trio.testing.wait_all_tasks_blocked()
            await drive(turns, [end], 30)
            nursery.cancel_scope.cancel()
    assert acted == [7, 8]


async def test_the_driver_goes_on_only_when_the_client_rests() -> None:
    turns, log = LockstepTurns(0.005), list[str]()
    with ends(turns, 1) as ((end, _),):

        async def behave() -> None:
            for _ in range(3):
                await end.turn()
                log.append("begins")
                await trio.testing.wait_all_tasks_blocked()
                log.append("ends")
            turns.rest(end)  # it leaves

        async with trio.open_nursery() as nursery:
            nursery.start_soon(behave)
            await turns.hold(end)
            for _ in range(4):
                await turns.give(end)
                log.append("rested")
    assert log == ["begins", "ends", "rested"] * 3 + ["rested"]


async def test_two_tasks_of_one_client_both_have_their_turn() -> None:
    turns, acted = LockstepTurns(0.005), list[str]()
    with ends(turns, 1) as ((end, _),):

        async def behave(name: str) -> None:
            while True:
                await end.turn()
                acted.append(name)

        async with trio.open_nursery() as nursery:
            await turns.hold(end)
            nursery.start_soon(behave, "reader")
            nursery.start_soon(behave, "writer")
            await trio.testing.wait_all_tasks_blocked()
            await drive(turns, [end], 10)
            nursery.cancel_scope.cancel()
    assert sorted(acted) == ["reader"] * 10 + ["writer"] * 10


async def test_before_the_start_a_turn_comes_with_the_bytes() -> None:
    turns = LockstepTurns(0.005)
    with ends(turns, 1) as ((end, peer),):
        shaken = trio.Event()

        async def shake_hands() -> None:
            await end.turn()
            assert end.recv(100) == b"hello"
            shaken.set()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(shake_hands)
            await trio.testing.wait_all_tasks_blocked()
            assert not shaken.is_set()
            peer.sendall(b"hello")
            await shaken.wait()


async def test_the_start_ends_every_wait_for_bytes() -> None:
    turns, acted = LockstepTurns(0.005), list[int]()
    with ends(turns, 1) as ((end, _),):

        async def behave() -> None:
            while True:
                await end.turn()
                acted.append(turns.tick)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(behave)
            await trio.testing.wait_all_tasks_blocked()
            assert acted == []
            await drive(turns, [end], 3)
            nursery.cancel_scope.cancel()
    assert acted == [0, 1, 2]
