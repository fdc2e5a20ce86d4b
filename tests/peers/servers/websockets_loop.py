"""websockets: one after another, awaiting each: 'the naive way' of its page on broadcasting."""

import asyncio
import itertools

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

CLIENTS: set[ServerConnection] = set()


async def handler(websocket: ServerConnection) -> None:
    CLIENTS.add(websocket)
    try:
        await websocket.wait_closed()
    finally:
        CLIENTS.remove(websocket)


async def broadcast(message: str) -> None:
    for websocket in CLIENTS.copy():
        try:
            await websocket.send(message)
        except ConnectionClosed:
            pass


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        for number in itertools.count():
            await broadcast(feed.message(number))
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
