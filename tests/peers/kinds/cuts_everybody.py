"""A guard against slow clients that is too strict: everybody is closed with 1013 and a reason at once."""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, serve


async def handle(ws: ServerConnection) -> None:
    await ws.close(1013, "client is too slow: 1,400,000 bytes would wait, 1,048,576 may")


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        await asyncio.Future()


asyncio.run(main())
