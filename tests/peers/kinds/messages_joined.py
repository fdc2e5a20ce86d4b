"""One stream for all; a client's writer sends all that waits for it as one message: a JSON array, or lines.
Most of each message is the same in all of them. Up to BOUND bytes wait for a client, and what comes then is
dropped; without a bound no message is missing, though the witness receives them in other messages.
"""

import asyncio
import base64
import os
import random
from itertools import count

from websockets.asyncio.server import ServerConnection, serve

BOUND = int(os.environ.get("BOUND", f"{2**60}"))
LINES = os.environ.get("LINES") == "1"
PADDING = base64.b64encode(random.Random(1).randbytes(6000)).decode()
waiting: dict[ServerConnection, tuple[list[str], asyncio.Event]] = {}


async def handle(ws: ServerConnection) -> None:
    queue: list[str] = []
    came = asyncio.Event()
    waiting[ws] = (queue, came)
    try:
        while True:
            await came.wait()
            came.clear()
            messages = queue.copy()
            queue.clear()
            if messages:
                await ws.send("\n".join(messages) if LINES else f"[{', '.join(messages)}]")
    finally:
        waiting.pop(ws, None)


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        for number in count():
            begin = number % 1000
            message = f'{{"number":{number},"padding":"{PADDING[begin : begin + 6000]}"}}'
            for queue, came in waiting.values():
                if sum(map(len, queue)) + len(message) <= BOUND:
                    queue.append(message)
                came.set()
            await asyncio.sleep(0.002)


asyncio.run(main())
