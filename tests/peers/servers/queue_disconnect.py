"""websockets: a queue and a relay for each subscriber, as its page on broadcasting has it, and a bound:
who falls more than QUEUE_MIB (32) behind is thrown out.
"""

import asyncio
import itertools
import os

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

QUEUE_BYTES_MAX = int(os.environ.get("QUEUE_MIB") or 32) << 20
SUBSCRIBERS: set["Subscriber"] = set()


class Subscriber:
    def __init__(self, websocket: ServerConnection) -> None:
        self.websocket = websocket
        self.queue: asyncio.Queue[str] = asyncio.Queue()
        self.queue_bytes = 0

    def publish(self, message: str) -> None:
        self.queue.put_nowait(message)
        self.queue_bytes += len(message)
        if self.queue_bytes > QUEUE_BYTES_MAX:
            self.websocket.transport.abort()

    async def relay(self) -> None:
        while True:
            message = await self.queue.get()
            self.queue_bytes -= len(message)
            await self.websocket.send(message)


async def handler(websocket: ServerConnection) -> None:
    subscriber = Subscriber(websocket)
    SUBSCRIBERS.add(subscriber)
    try:
        await subscriber.relay()
    except ConnectionClosed:
        pass
    finally:
        SUBSCRIBERS.remove(subscriber)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        for number in itertools.count():
            message = feed.message(number)
            for subscriber in SUBSCRIBERS:
                subscriber.publish(message)
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
