"""websockets: ``broadcast()``, which writes to every connection and waits for none."""

import asyncio
import itertools

import feed
from websockets.asyncio.server import ServerConnection, broadcast, serve

CLIENTS: set[ServerConnection] = set()


async def handler(websocket: ServerConnection) -> None:
    CLIENTS.add(websocket)
    try:
        await websocket.wait_closed()
    finally:
        CLIENTS.remove(websocket)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        for number in itertools.count():
            broadcast(CLIENTS, feed.message(number))
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
