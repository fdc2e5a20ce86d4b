"""websockets: one loop over all, with a second for each send(); who takes longer is thrown out."""

import asyncio
import itertools

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

PATIENCE_S = 1.0
SUBSCRIBERS: set[ServerConnection] = set()


async def handler(websocket: ServerConnection) -> None:
    SUBSCRIBERS.add(websocket)
    try:
        await websocket.wait_closed()
    finally:
        SUBSCRIBERS.discard(websocket)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        for number in itertools.count():
            message = feed.message(number)
            for websocket in list(SUBSCRIBERS):
                try:
                    async with asyncio.timeout(PATIENCE_S):
                        await websocket.send(message)
                except (TimeoutError, ConnectionClosed):
                    SUBSCRIBERS.discard(websocket)
                    websocket.transport.abort()
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
