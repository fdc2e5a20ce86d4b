"""Servers for the plugin's tests, which copy this file: some 10 MB/s to every client."""

import asyncio
import itertools
import os
from collections.abc import Callable
from functools import partial

from websockets.asyncio.server import ServerConnection, broadcast, serve

CLIENTS: set[ServerConnection] = set()
BOUND_BYTES = 3_000_000
"""More than waits for a client that a busy machine keeps from reading for a fifth of a second."""


async def join(client: ServerConnection) -> None:
    CLIENTS.add(client)
    try:
        await client.wait_closed()
    finally:
        CLIENTS.discard(client)


def keep(message: str) -> None:
    broadcast(CLIENTS, message)


def cut(message: str, bound_bytes: int = BOUND_BYTES) -> None:
    for client in list(CLIENTS):
        if client.transport.get_write_buffer_size() > bound_bytes:
            CLIENTS.discard(client)
            client.transport.abort()
    broadcast(CLIENTS, message)


async def feed(port: int, tell: Callable[[str], None]) -> None:
    async with serve(join, "127.0.0.1", port, compression=None):
        print("on the air", os.environ.get("STATION", ""), flush=True)
        for number in itertools.count():
            tell(f"{number} ".ljust(5000, "x"))
            if number % 10 == 0:
                await asyncio.sleep(0.005)


async def keeps(port: int) -> None:
    await feed(port, keep)


def cuts(port: int) -> None:
    asyncio.run(feed(port, cut))


def cuts_late(port: int) -> None:
    """So late that nobody is cut whom only a busy machine keeps from reading."""
    asyncio.run(feed(port, partial(cut, bound_bytes=3 * BOUND_BYTES)))


if __name__ == "__main__":
    asyncio.run(keeps(int(os.environ["PORT"])))
