"""The servers of docs/pytest.md: an ASGI application that waits, and one that keeps everything."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import feeds
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket


async def endpoint(websocket: WebSocket) -> None:
    await websocket.accept()
    for number in itertools.count():
        await websocket.send_text(f"{number} ".ljust(5000, "x"))
        if number % 10 == 0:
            await asyncio.sleep(0.01)


app = Starlette(routes=[WebSocketRoute("/feed", endpoint)])


def listen(port: int) -> None:
    asyncio.run(feeds.keeps(port))


@asynccontextmanager
async def listening() -> AsyncIterator[int]:
    async with feeds.serve(feeds.join, "127.0.0.1", 0, compression=None) as server:
        publishing = asyncio.create_task(publish())
        yield server.sockets[0].getsockname()[1]
        publishing.cancel()


async def publish() -> None:
    for number in itertools.count():
        feeds.keep(f"{number} ".ljust(5000, "x"))
        if number % 10 == 0:
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    listen(int(os.environ["PORT"]))
