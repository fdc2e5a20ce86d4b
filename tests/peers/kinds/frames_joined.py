"""One stream of records for all; a client's writer takes all that waits for it as one frame, as nats-server
and terminals do. Up to BOUND bytes wait for it, what comes then is dropped; without a bound no byte is
missing: only the frames' borders differ.
"""

import asyncio
import os
import time

from websockets.asyncio.server import ServerConnection, serve

BOUND = int(os.environ.get("BOUND", f"{2**60}"))
waiting: dict[ServerConnection, tuple[bytearray, asyncio.Event]] = {}


async def handle(ws: ServerConnection) -> None:
    queue, came = bytearray(), asyncio.Event()
    waiting[ws] = (queue, came)
    try:
        while True:
            await came.wait()
            came.clear()
            while queue:
                frame = bytes(queue[:65536])
                del queue[:65536]
                await ws.send(frame)
    finally:
        waiting.pop(ws, None)


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        number = 0
        while True:
            record = (
                f"MSG prices 1 6631\r\n{number:012d} {time.time():.6f} ".encode() + b"x" * 6600 + b"\r\n"
            )
            number += 1
            for queue, came in waiting.values():
                if len(queue) + len(record) <= BOUND:
                    queue.extend(record)
                came.set()
            await asyncio.sleep(0.002)


asyncio.run(main())
