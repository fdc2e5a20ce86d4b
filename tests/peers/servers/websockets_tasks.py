"""websockets: a task per send, so that nobody waits: also from its page on broadcasting."""

import asyncio
import itertools

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

CLIENTS: set[ServerConnection] = set()
SENDING: set[asyncio.Task[None]] = set()


async def handler(websocket: ServerConnection) -> None:
    CLIENTS.add(websocket)
    try:
        await websocket.wait_closed()
    finally:
        CLIENTS.remove(websocket)


async def send(websocket: ServerConnection, message: str) -> None:
    try:
        await websocket.send(message)
    except ConnectionClosed:
        pass


def broadcast(message: str) -> None:
    for websocket in CLIENTS:
        task = asyncio.create_task(send(websocket, message))
        SENDING.add(task)  # the event loop keeps only weak references
        task.add_done_callback(SENDING.discard)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        for number in itertools.count():
            broadcast(feed.message(number))
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
