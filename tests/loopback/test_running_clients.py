"""If a client is killed, its coroutine ends before its socket is closed, wherever it waits."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from stallsim.clients import Client, ClientEnd
from stallsim.kernel.diag_socket import TcpState
from stallsim.kernel.tcp_info import read_tcp_info
from stallsim.runner.realtime_client import RealtimeClient
from stallsim.runner.realtime_turns import RealtimeTurns

from .connections import deliver, until

pytestmark = pytest.mark.loopback


class Reads(Client, frozen=True):
    """Reads whatever comes, in turns."""

    async def behave(self, end: ClientEnd) -> None:
        while True:
            end.recv(100)
            await end.turn()


@contextmanager
def end_and_peer(turns: RealtimeTurns) -> Iterator[tuple[ClientEnd, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours, (theirs, _) = socket.create_connection(listening.getsockname()), listening.accept()
    ours.setblocking(False)
    with ours, theirs:
        yield ClientEnd(ours, ("127.0.0.1", 0), turns, lambda _: None, Random(0)), theirs


async def test_it_may_be_about_to_act_when_it_is_killed(mock_clock: MockClock) -> None:
    """Bytes come, and it is killed in the same round of trio's scheduler, whose order is by chance."""
    for _ in range(20):
        turns = RealtimeTurns(tick_s=60.0)
        turns.start_s = trio.current_time()
        with end_and_peer(turns) as (end, peer):
            async with trio.open_nursery() as nursery:
                running = turns.begin(Reads(), end, nursery)
                await wait_all_tasks_blocked()
                mock_clock.jump(0.002)  # past the nap of one who found nothing
                await wait_all_tasks_blocked()
                peer.sendall(b"now")
                await trio.lowlevel.checkpoint()
                running.kill()
            assert (end.left, end.closed) == (True, True)


async def test_one_that_has_left_is_closed_at_once(mock_clock: MockClock) -> None:
    turns = RealtimeTurns(tick_s=60.0)
    turns.start_s = mock_clock.current_time()
    with end_and_peer(turns) as (end, _):
        running = RealtimeClient(Leaves(), end)
        await running.live()
        assert (end.left, end.closed) == (True, False)
        running.kill()
        assert end.closed


class Leaves(Client, frozen=True):
    """Does nothing."""

    async def behave(self, end: ClientEnd) -> None:
        pass


async def test_killed_before_its_first_turn_it_does_nothing() -> None:
    """A run is interrupted in the round in which it has begun a client's task."""
    turns = RealtimeTurns(tick_s=60.0)
    with end_and_peer(turns) as (end, _):
        running = RealtimeClient(Reads(), end)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(running.live)
            running.kill()
            end.abort()
        assert end.left


async def test_a_turn_reads_only_what_had_arrived_when_it_began() -> None:
    """What comes in a turn was sent because the turn has read: on a busy machine it comes later."""
    turns = RealtimeTurns(tick_s=60.0)
    turns.start_s = trio.current_time()
    with end_and_peer(turns) as (end, peer):
        deliver(b"first", peer, end.sock)
        end.begin_turn()
        assert end.recv(100) == b"first"
        deliver(b"second", peer, end.sock)
        assert end.recv(100) is None
        end.begin_turn()
        assert end.recv(3) == b"sec"
        peer.close()
        until(lambda: read_tcp_info(end.sock).state == TcpState.CLOSE_WAIT)
        assert end.recv(100) == b"ond"
        assert end.recv(100) == b""
