"""BURST messages of SIZE bytes to all each EVERY_S seconds; keeps everything, waits for nobody."""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, broadcast, serve

EVERY_S, SIZE = float(os.environ.get("EVERY_S", "1")), int(os.environ.get("SIZE", "1000000"))
BURST = int(os.environ.get("BURST", "1"))
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
            for _ in range(BURST):
                number += 1
                broadcast(clients, f"{number} " + "x" * SIZE)
            print("held", [c.transport.get_write_buffer_size() for c in clients], flush=True)
            await asyncio.sleep(EVERY_S)


asyncio.run(main())
