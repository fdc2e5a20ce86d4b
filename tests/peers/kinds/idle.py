"""Opens and says nothing. PING_S: pings as often, and closes without a Pong; else it never pings."""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, serve

PING_S = float(os.environ["PING_S"]) if "PING_S" in os.environ else None


async def handle(ws: ServerConnection) -> None:
    await ws.wait_closed()


async def main() -> None:
    async with serve(
        handle, "127.0.0.1", int(os.environ["PORT"]), ping_interval=PING_S, ping_timeout=PING_S
    ):
        await asyncio.Future()


asyncio.run(main())
