"""websockets: broadcast(), and the producer pauses while anybody's write buffer holds more than 2 MiB."""

import asyncio

import feed
from websockets.asyncio.server import ServerConnection, broadcast, serve

HIGH_WATER_BYTES = 2 << 20
SUBSCRIBERS: set[ServerConnection] = set()


async def handler(websocket: ServerConnection) -> None:
    SUBSCRIBERS.add(websocket)
    try:
        await websocket.wait_closed()
    finally:
        SUBSCRIBERS.remove(websocket)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        number = 0
        while True:
            if all(one.transport.get_write_buffer_size() <= HIGH_WATER_BYTES for one in SUBSCRIBERS):
                broadcast(SUBSCRIBERS, feed.message(number))
                number += 1
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
