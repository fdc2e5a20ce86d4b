"""Sends everything to everybody without a bound, and keeps messages.

KEEPS=log: all messages, in one list for all, as a history. KEEPS=queues: those of a client that has gone,
in a queue of its own, for KEEPS_S seconds, so that it could resume.
"""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, broadcast, serve

KEEPS, KEEPS_S = os.environ["KEEPS"], float(os.environ.get("KEEPS_S", "9"))
OPEN: set[ServerConnection] = set()
QUEUES: list[list[bytes]] = []
LOG: list[bytes] = []


async def handler(websocket: ServerConnection) -> None:
    OPEN.add(websocket)
    try:
        await websocket.wait_closed()
    finally:
        OPEN.discard(websocket)
        if KEEPS == "queues":
            queue: list[bytes] = []
            QUEUES.append(queue)
            await asyncio.sleep(KEEPS_S)
            QUEUES.remove(queue)


async def main() -> None:
    async with serve(handler, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        number = 0
        while True:
            message = f"{number:012d}".encode() + os.urandom(6680)
            if KEEPS == "log":
                LOG.append(message)
            for queue in QUEUES:
                queue.append(bytes(bytearray(message)))
            broadcast(OPEN, message)
            number += 1
            await asyncio.sleep(0.004)


asyncio.run(main())
