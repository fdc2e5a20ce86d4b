"""websockets: one slot, the latest message; each subscriber is sent what is in it when it can take it."""

import asyncio
import itertools

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


class Latest:
    def __init__(self) -> None:
        self.message = feed.message(0)
        self.changed = asyncio.Event()

    def set(self, message: str) -> None:
        self.message = message
        self.changed.set()
        self.changed = asyncio.Event()


latest = Latest()


async def handler(websocket: ServerConnection) -> None:
    sent = ""
    try:
        while True:
            if sent is latest.message:
                await latest.changed.wait()
            sent = latest.message
            await websocket.send(sent)
    except ConnectionClosed:
        pass


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        for number in itertools.count(1):
            latest.set(feed.message(number))
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
