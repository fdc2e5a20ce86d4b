"""Broadcasts; who has more than 1 MB waiting is aborted, though it reads a tenth of the stream."""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, broadcast, serve

clients: set[ServerConnection] = set()


async def handle(ws: ServerConnection) -> None:
    clients.add(ws)
    try:
        await ws.wait_closed()
    finally:
        clients.discard(ws)


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        number = 0
        while True:
            number += 1
            for ws in list(clients):
                if ws.transport.get_write_buffer_size() > 1_000_000:
                    clients.discard(ws)
                    ws.transport.abort()
                else:
                    broadcast([ws], f"{number} " + "x" * 6000)
            await asyncio.sleep(0.002)


asyncio.run(main())
