"""Each client has an endless queue of small events, and a message is rendered when it is sent.

So it is with a GraphQL subscription: memory grows by some bytes a message. ACK=1: first an answer that is
the same for all.
"""

import asyncio
import json
import os

from websockets.asyncio.server import ServerConnection, serve

PAD, ACK, BURST = "x" * 6600, os.environ.get("ACK"), int(os.environ.get("BURST", "3"))
queues: dict[ServerConnection, asyncio.Queue[int]] = {}


async def handle(ws: ServerConnection) -> None:
    if ACK:
        await ws.send('{"type":"connection_ack"}')
    queue: asyncio.Queue[int] = asyncio.Queue()
    queues[ws] = queue
    try:
        while True:
            number = await queue.get()
            await ws.send(json.dumps({"id": "1", "type": "next", "payload": {"n": number, "pad": PAD}}))
    finally:
        queues.pop(ws, None)


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        number = 0
        while True:
            for _ in range(BURST):
                number += 1
                for queue in queues.values():
                    queue.put_nowait(number)
            await asyncio.sleep(0.006)


asyncio.run(main())
