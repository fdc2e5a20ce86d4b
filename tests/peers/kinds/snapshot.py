"""A snapshot of WELCOME bytes to who joins, in messages of PART bytes, then deltas to all (1 MB/s); keeps
everything (no bound).
"""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, broadcast, serve

clients: set[ServerConnection] = set()
WELCOME = int(os.environ.get("WELCOME", "40000000"))
PART = int(os.environ.get("PART", f"{WELCOME}"))
EVERY_S = float(os.environ.get("EVERY_S", "0.005"))


async def handle(ws: ServerConnection) -> None:
    for number in range(WELCOME // PART):
        broadcast([ws], f"row {number} ".ljust(PART, "w"))  # as the rest: never waits
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
            broadcast(clients, f"{number} " + "y" * 5000)
            if number % 100 == 0:
                print("held", [c.transport.get_write_buffer_size() for c in clients], flush=True)
            await asyncio.sleep(EVERY_S)


asyncio.run(main())
