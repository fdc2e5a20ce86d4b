"""Sends everything to everybody without a bound, and makes a checkpoint of PAUSE_S seconds each EVERY_S."""

import asyncio
import os
import time

from websockets.asyncio.server import ServerConnection, broadcast, serve

EVERY_S, PAUSE_S = float(os.environ["EVERY_S"]), float(os.environ.get("PAUSE_S", "1.2"))
OPEN: set[ServerConnection] = set()


async def handler(websocket: ServerConnection) -> None:
    OPEN.add(websocket)
    try:
        await websocket.wait_closed()
    finally:
        OPEN.discard(websocket)


async def main() -> None:
    async with serve(handler, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        number, due_s = 0, time.monotonic() + EVERY_S
        while True:
            broadcast(OPEN, f"{number:012d}".encode() + os.urandom(6680))
            number += 1
            if time.monotonic() >= due_s:
                time.sleep(PAUSE_S)  # noqa: ASYNC251 - the whole server waits
                due_s += EVERY_S
            await asyncio.sleep(0.004)


asyncio.run(main())
