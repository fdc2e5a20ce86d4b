"""Turns in realtime, on a clock that the test moves: when a client acts, and what ends its wait."""

import trio
import trio.testing

from stallsim.runner.realtime_turns import RealtimeTurns

from .acting import ends

TICK_S = 0.02


def start(turns: RealtimeTurns) -> None:
    """As the pace does once every handshake is over."""
    turns.start_s = trio.current_time()
    turns.started.set()


async def test_a_client_that_waits_for_a_tick_acts_at_it(
    autojump_clock: trio.testing.MockClock,  # noqa: ARG001 - pytest-trio runs the test under it
) -> None:
    turns, woke = RealtimeTurns(TICK_S), list[float]()
    start(turns)
    with ends(turns, 1) as ((end, _),):

        async def behave() -> None:
            await end.until(7)
            woke.append(trio.current_time() - turns.time_of(0))
            assert turns.tick >= 7

        async with trio.open_nursery() as nursery:
            nursery.start_soon(behave)
            for tick in range(10):
                await trio.sleep_until(turns.time_of(tick))
                turns.tick = tick
    assert 7 * TICK_S <= woke[0] <= 8 * TICK_S


async def test_a_turn_comes_at_every_tick_though_nothing_arrives(
    autojump_clock: trio.testing.MockClock,  # noqa: ARG001 - pytest-trio runs the test under it
) -> None:
    turns, acted = RealtimeTurns(TICK_S), list[int]()
    start(turns)
    with ends(turns, 1) as ((end, _),):

        async def behave() -> None:
            while True:
                await end.turn()
                acted.append(round((trio.current_time() - turns.time_of(0)) / TICK_S))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(behave)
            for tick in range(20):
                await trio.sleep_until(turns.time_of(tick))
                turns.tick = tick
            nursery.cancel_scope.cancel()
    assert set(acted) >= set(range(1, 19))


async def test_a_turn_comes_with_the_bytes(mock_clock: trio.testing.MockClock) -> None:
    turns = RealtimeTurns(TICK_S)
    start(turns)
    with ends(turns, 1) as ((end, peer),), trio.fail_after(60):
        got: list[bytes | None] = []

        async def behave() -> None:
            got.append(end.recv(100))
            await end.turn()
            got.append(end.recv(100))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(behave)
            await trio.testing.wait_all_tasks_blocked()
            mock_clock.jump(TICK_S / 2)  # past the nap of one who found nothing
            await trio.testing.wait_all_tasks_blocked()
            assert got == [None]
            peer.sendall(b"now")
    assert got == [None, b"now"]


async def test_until_over_ends_by_cancellation_only(
    autojump_clock: trio.testing.MockClock,  # noqa: ARG001 - pytest-trio runs the test under it
) -> None:
    turns = RealtimeTurns(TICK_S)
    start(turns)
    with ends(turns, 1) as ((end, _),):

        async def behave() -> None:
            with end.over:
                await end.until_over()
            end.left = True

        async with trio.open_nursery() as nursery:
            nursery.start_soon(behave)
            await trio.sleep(10**6)
            assert not end.left
            end.over.cancel()
    assert end.left
