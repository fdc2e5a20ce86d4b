"""aiohttp: a background task sends to one websocket after another, awaiting each."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import suppress

import feed
from aiohttp import web

websockets = web.AppKey("websockets", set[web.WebSocketResponse])


async def handler(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    request.app[websockets].add(ws)
    try:
        async for _ in ws:
            pass
    finally:
        request.app[websockets].discard(ws)
    return ws


async def publish(app: web.Application) -> None:
    for number in itertools.count():
        message = feed.message(number)
        for ws in app[websockets].copy():
            with suppress(ConnectionResetError):
                await ws.send_str(message)
        await asyncio.sleep(feed.INTERVAL_S)


async def background(app: web.Application) -> AsyncIterator[None]:
    publishing = asyncio.create_task(publish(app))
    yield
    publishing.cancel()


app = web.Application()
app[websockets] = set()
app.add_routes([web.get("/", handler)])
app.cleanup_ctx.append(background)
web.run_app(app, host=feed.HOST, port=feed.PORT, print=None)
