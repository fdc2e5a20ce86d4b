"""websockets: each connection's handler produces and awaits its own ``send``."""

import asyncio
import itertools

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


async def handler(websocket: ServerConnection) -> None:
    for number in itertools.count():
        try:
            await websocket.send(feed.message(number))
        except ConnectionClosed:
            break
        await asyncio.sleep(feed.INTERVAL_S)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT) as server:
        await server.serve_forever()


asyncio.run(main())
