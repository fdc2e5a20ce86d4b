"""Small servers for a probe: ``python -m tests.loopback.streaming WHAT`` on the port that PORT names.

They stream some 10 MB/s, so that a stall is over soon. What each does with a client that does not read
is what its function's name says.
"""

import asyncio
import itertools
import os
import sys
from collections.abc import Awaitable, Callable

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

MESSAGE_BYTES, MESSAGES, EACH_S = 5000, 10, 0.005
BOUND_BYTES = 2_000_000
CLIENTS: set[ServerConnection] = set()


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


async def disconnects(text: str) -> None:
    for client in list(CLIENTS):
        if client.transport.get_write_buffer_size() > BOUND_BYTES:
            CLIENTS.discard(client)
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


async def says_nothing(text: str) -> None:
    assert text, "it has something to say, and nobody is told"


async def own_stream(client: ServerConnection) -> None:
    for number in itertools.count():
        await client.send(message(number))
        if number % MESSAGES == 0:
            await asyncio.sleep(EACH_S)


async def shared_stream(client: ServerConnection) -> None:
    if client.request is not None and client.request.path == "/subscribed":
        while await client.recv() != "subscribe \x1b[31m":
            await client.close(4400, "\x1b[31mno\n\u202e")
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
            disconnects,
            drops,
            forgets,
            ends_itself,
            writes_half_a_frame,
            says_nothing,
        )
    }
    handler = own_stream if what == "own_streams_wait" else shared_stream
    async with serve(
        handler, "127.0.0.1", int(os.environ["PORT"]), compression=None, server_header="evil [red]\t<b>&"
    ) as server:
        print("listens", flush=True)
        if handler is own_stream:
            await server.serve_forever()
        for number in itertools.count():
            await tell[what](message(number))
            if number % MESSAGES == 0:
                await asyncio.sleep(EACH_S)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
