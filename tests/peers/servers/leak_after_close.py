"""aiohttp: an unbounded queue and a sending task for each subscriber, in a handler that parks itself and
has no receive loop: nothing tells it that its client has gone, so its queue is filled for ever.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator

import feed
from aiohttp import web

QUEUES: list[asyncio.Queue[str]] = []


async def relay(ws: web.WebSocketResponse, queue: asyncio.Queue[str]) -> None:
    while True:
        await ws.send_str(await queue.get())


async def handler(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    queue: asyncio.Queue[str] = asyncio.Queue()
    QUEUES.append(queue)
    relaying = asyncio.create_task(relay(ws, queue))
    try:
        await asyncio.Event().wait()
    finally:
        relaying.cancel()
        QUEUES.remove(queue)
    return ws


async def publish() -> None:
    for number in itertools.count():
        message = feed.message(number)
        for queue in QUEUES:
            queue.put_nowait(message)
        await asyncio.sleep(feed.INTERVAL_S)


async def background(app: web.Application) -> AsyncIterator[None]:
    publishing = asyncio.create_task(publish())
    yield
    publishing.cancel()


app = web.Application()
app.add_routes([web.get("/", handler)])
app.cleanup_ctx.append(background)
web.run_app(app, host=feed.HOST, port=feed.PORT, print=None)
