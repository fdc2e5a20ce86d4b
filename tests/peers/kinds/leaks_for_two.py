"""Takes two clients at a time, and keeps the stream for whoever has gone, in a queue that nobody reads."""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, broadcast, serve

OPEN: set[ServerConnection] = set()
QUEUES: list[list[bytes]] = []


async def handler(websocket: ServerConnection) -> None:
    if len(OPEN) == 2:
        await websocket.close(1013, "two clients at a time")
        return
    OPEN.add(websocket)
    QUEUES.append([])
    try:
        await websocket.wait_closed()
    finally:
        OPEN.discard(websocket)


async def main() -> None:
    async with serve(handler, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        number = 0
        while True:
            message = f"{number:012d}".encode() + os.urandom(6680)
            if len(QUEUES) > len(OPEN):
                QUEUES[0].append(message)
            broadcast(OPEN, message)
            number += 1
            await asyncio.sleep(0.004)


asyncio.run(main())
