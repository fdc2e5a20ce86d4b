"""websockets: a queue of 100 messages for each subscriber; when it is full, the oldest makes room."""

import asyncio
import itertools

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

QUEUES: set[asyncio.Queue[str]] = set()


async def handler(websocket: ServerConnection) -> None:
    queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
    QUEUES.add(queue)
    try:
        while True:
            await websocket.send(await queue.get())
    except ConnectionClosed:
        pass
    finally:
        QUEUES.remove(queue)


def publish(message: str) -> None:
    for queue in QUEUES:
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(message)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        for number in itertools.count():
            publish(feed.message(number))
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
