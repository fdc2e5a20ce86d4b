"""RATE tiny messages a second for all, many of them in one write; nothing is bounded."""

import asyncio
import os
import time

from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Opcode

RATE = int(os.environ.get("RATE", "50000"))
clients: set[ServerConnection] = set()


async def handle(ws: ServerConnection) -> None:
    clients.add(ws)
    try:
        await ws.wait_closed()
    finally:
        clients.discard(ws)


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        number, began_s = 0, time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            due = int((time.monotonic() - began_s) * RATE)
            messages = [b'{"n":%d,"p":%d}' % (one, one % 977) for one in range(number, due)]
            number = due
            data = b"".join(bytes((0x80 | Opcode.TEXT, len(one))) + one for one in messages)
            for client in list(clients):
                client.transport.write(data)


asyncio.run(main())
