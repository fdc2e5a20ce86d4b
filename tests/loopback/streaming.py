"""Small servers for a probe: ``python -m tests.loopback.streaming WHAT`` on the port that PORT names.

They stream some 10 MB/s, so that a stall is over soon. What each does with a client that does not read
is what its function's name says.
"""

import asyncio
import itertools
import os
import re
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

MESSAGE_BYTES, MESSAGES, EACH_S = 5000, 10, 0.005
BOUND_BYTES = 2_000_000
PING = b"\x89"
WORKERS = 3
"""Beside the first process: each has subscribers of its own on the same port (SO_REUSEPORT)."""
BLOCKS_S = 3.0
CLOSING: set[asyncio.Future[None]] = set()
CLIENTS: set[ServerConnection] = set()
REFUSED = Counter({"keeps_everything_for_one": 100, "keeps_everything_for_two_at_last": 1})
"""How many clients are sent away because there is one already."""


def message(number: int) -> str:
    return f"{number} ".ljust(MESSAGE_BYTES, "x")


async def keeps_everything(text: str) -> None:
    broadcast(CLIENTS, text)


async def waits_for_each(text: str) -> None:
    for client in list(CLIENTS):
        try:
            await client.send(text)
        except ConnectionClosed:
            continue


async def bursts_wait_for_each(text: str) -> None:
    """400 messages at once, then nothing for 0.6 s."""
    await waits_for_each(text)
    if int(text.partition(" ")[0]) % 400 == 0:
        await asyncio.sleep(0.6)


async def workers_wait_for_each(text: str) -> None:
    await waits_for_each(text)


async def disconnects(text: str) -> None:
    for client in list(CLIENTS):
        if client.transport.get_write_buffer_size() > BOUND_BYTES:
            CLIENTS.discard(client)
            client.transport.abort()
    broadcast(CLIENTS, text)


async def resets(text: str) -> None:
    for client in list(CLIENTS):
        if client.transport.get_write_buffer_size() > BOUND_BYTES:
            CLIENTS.discard(client)
            connection = client.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.transport.abort()
    broadcast(CLIENTS, text)


async def drops(text: str) -> None:
    broadcast([one for one in CLIENTS if one.transport.get_write_buffer_size() < BOUND_BYTES], text)


async def ends_itself(text: str) -> None:
    broadcast(CLIENTS, text)
    if any(one.transport.get_write_buffer_size() > BOUND_BYTES for one in CLIENTS):
        os._exit(7)


async def writes_half_a_frame(text: str) -> None:
    """As who does not look at what a non-blocking send has left over."""
    broadcast(CLIENTS, text)
    for client in list(CLIENTS):
        if client.transport.get_write_buffer_size() > BOUND_BYTES:
            client.transport.write(b"\x81\x7e\x13\x88half")
            broadcast([client], text)


async def forgets(text: str) -> None:
    for client in list(CLIENTS):
        if client.transport.get_write_buffer_size() > BOUND_BYTES:
            CLIENTS.discard(client)
    broadcast(CLIENTS, text)


async def closes_politely(text: str) -> None:
    """The Close waits behind what is queued, and nothing more is sent."""
    for client in list(CLIENTS):
        if client.transport.get_write_buffer_size() > BOUND_BYTES:
            CLIENTS.discard(client)
            CLOSING.add(asyncio.ensure_future(client.close(1013, "too slow")))
    broadcast(CLIENTS, text)


async def blocks_and_then_disconnects(text: str) -> None:
    for client in list(CLIENTS):
        try:
            async with asyncio.timeout(BLOCKS_S):
                await client.send(text)
        except TimeoutError:
            CLIENTS.discard(client)
            client.transport.abort()
        except ConnectionClosed:
            continue


async def says_nothing(text: str) -> None:
    assert text, "it has something to say, and nobody is told"


class TakesOffence(ServerConnection):
    """Ends a connection for a Ping."""

    def data_received(self, data: bytes) -> None:
        if data.startswith(PING):
            self.transport.abort()
        else:
            super().data_received(data)


async def own_stream(client: ServerConnection) -> None:
    """The time in a message shows that it is made when the client can take it, and not dropped."""
    for number in itertools.count():
        await client.send(f"{number} {time.time():.6f} ".ljust(MESSAGE_BYTES, "x"))
        if number % MESSAGES == 0:
            await asyncio.sleep(EACH_S)


async def own_numbers(client: ServerConnection) -> None:
    """As ``own_stream``, but messages have only a number, which dropped ones would not interrupt."""
    for number in itertools.count():
        await client.send(message(number))
        if number % MESSAGES == 0:
            await asyncio.sleep(EACH_S)


async def shared_stream(what: str, client: ServerConnection) -> None:
    if client.request is not None and client.request.path == "/subscribed":
        while await client.recv() != "subscribe \x1b[31m":
            await client.close(4400, "\x1b[31mno\n\u202e")
    if CLIENTS and REFUSED[what] > 0:
        REFUSED[what] -= 1
        await client.close(1008, "one client at a time")
    CLIENTS.add(client)
    try:
        await client.wait_closed()
    finally:
        CLIENTS.discard(client)


async def main(what: str) -> None:
    tell: dict[str, Callable[[str], Awaitable[None]]] = {
        one.__name__: one
        for one in (
            keeps_everything,
            waits_for_each,
            bursts_wait_for_each,
            workers_wait_for_each,
            disconnects,
            resets,
            drops,
            forgets,
            closes_politely,
            blocks_and_then_disconnects,
            ends_itself,
            writes_half_a_frame,
            says_nothing,
        )
    }
    offended = what == "keeps_everything_but_pings"
    own = {"own_streams_wait": own_stream, "own_numbers_wait": own_numbers}
    handler = own.get(what, partial(shared_stream, what))
    what = re.sub("_(but_pings|for_one|for_two_at_last)$", "", what)
    async with serve(
        handler,
        "127.0.0.1",
        int(os.environ["PORT"]),
        compression=None,
        server_header="evil [red]\t<b>&",
        close_timeout=60,
        create_connection=TakesOffence if offended else ServerConnection,
        reuse_port=what.startswith("workers"),
    ) as server:
        print("listens", flush=True)
        if what in own:
            await server.serve_forever()
        for number in itertools.count():
            await tell[what](message(number))
            if number % MESSAGES == 0:
                await asyncio.sleep(EACH_S)


if __name__ == "__main__":
    for _ in range(WORKERS if sys.argv[1].startswith("workers") else 0):
        if os.fork() == 0:
            break
    asyncio.run(main(sys.argv[1]))
