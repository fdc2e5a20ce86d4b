"""Strangers at the listener for guests: the page, the guests and the run are not disturbed."""

import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio
import trio.lowlevel

from stallsim.profile.load import load_profile
from stallsim.runner.guests import Guests

pytestmark = pytest.mark.loopback
GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
STRANGERS = (
    b"",
    b"G",
    GET,
    GET + b"\r\n",
    b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999\r\n\r\n",
    b"\x16\x03\x01\xff\x1b[31m\r\n\r\n",
    GET + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
)


@asynccontextmanager
async def open_to_guests() -> AsyncIterator[Guests]:
    guests = Guests(load_profile("sleeping-tab").scenario, 0, 1)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(guests.receive)
        yield guests
        nursery.cancel_scope.cancel()
    guests.listening.close()


def connected(guests: Guests) -> socket.socket:
    return socket.create_connection(guests.listening.getsockname(), timeout=60)


async def the_page_is_served(guests: Guests) -> None:
    with trio.fail_after(60):
        async with await trio.open_tcp_stream(*guests.listening.getsockname()) as peer:
            await peer.send_all(GET + b"\r\n")
            assert (await peer.receive_some()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", STRANGERS, ids=range(len(STRANGERS)))
async def test_a_peer_that_resets_does_not_end_the_run(sent: bytes) -> None:
    async with open_to_guests() as guests:
        for _ in range(20):
            with connected(guests) as peer:
                peer.sendall(sent)
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await the_page_is_served(guests)


async def test_strangers_that_send_nothing_are_few_and_keep_nobody_out() -> None:
    async with open_to_guests() as guests:
        peers = []
        for _ in range(100):
            peers.append(connected(guests))
            await trio.lowlevel.checkpoint()
        with trio.fail_after(60):
            oldest = trio.socket.from_stdlib_socket(peers[0])
            assert await oldest.recv(1) == b"", "the oldest of them has been ended"
        await the_page_is_served(guests)
        for peer in peers:
            peer.close()
