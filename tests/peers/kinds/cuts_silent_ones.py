"""Broadcasts; a client of which nothing has come for SILENT_S is cut off, however well it reads."""

import asyncio
import os
import time

from websockets.asyncio.server import ServerConnection, broadcast, serve

SILENT_S = float(os.environ.get("SILENT_S", "2"))
came_s: dict[ServerConnection, float] = {}


class Client(ServerConnection):
    def data_received(self, data: bytes) -> None:
        came_s[self] = time.monotonic()
        super().data_received(data)


async def handle(ws: ServerConnection) -> None:
    try:
        await ws.wait_closed()
    finally:
        came_s.pop(ws, None)


async def main() -> None:
    port = int(os.environ["PORT"])
    async with serve(
        handle, "127.0.0.1", port, compression=None, ping_interval=None, create_connection=Client
    ):
        number = 0
        while True:
            number += 1
            for client, last_s in list(came_s.items()):
                if time.monotonic() - last_s > SILENT_S:
                    came_s.pop(client)
                    client.transport.abort()
            broadcast(list(came_s), f"{number} " + "x" * 3000)
            await asyncio.sleep(0.002)


asyncio.run(main())
