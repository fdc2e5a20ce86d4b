"""A shared stream of which at most BOUND messages wait for a client; what comes then is dropped.

After a wake the queue is sent at the pace of the stream, one for each that is queued, as mosquitto does.
"""

import asyncio
import os
import time
from collections import deque

from websockets.asyncio.server import ServerConnection, serve

BOUND = int(os.environ.get("BOUND", "1000"))
waiting: dict[ServerConnection, tuple[deque[str], asyncio.Event]] = {}


async def handle(ws: ServerConnection) -> None:
    queue: deque[str] = deque()
    came = asyncio.Event()
    waiting[ws] = (queue, came)
    try:
        while True:
            await came.wait()
            came.clear()
            if queue:
                await ws.send(queue.popleft())
    finally:
        waiting.pop(ws, None)


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        number = 0
        while True:
            message = f"{number:012d} {time.time():.6f} " + "x" * 6600
            number += 1
            for queue, came in waiting.values():
                if len(queue) < BOUND:
                    queue.append(message)
                came.set()
            await asyncio.sleep(0.002)


asyncio.run(main())
