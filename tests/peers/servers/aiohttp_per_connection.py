"""aiohttp: a task per connection produces and awaits ``send_str``; the handler reads until the close."""

import asyncio
import itertools
from contextlib import suppress

import feed
from aiohttp import web


async def stream(ws: web.WebSocketResponse) -> None:
    with suppress(ConnectionResetError):
        for number in itertools.count():
            await ws.send_str(feed.message(number))
            await asyncio.sleep(feed.INTERVAL_S)


async def handler(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    streaming = asyncio.create_task(stream(ws))
    try:
        async for _ in ws:
            pass
    finally:
        streaming.cancel()
    return ws


app = web.Application()
app.add_routes([web.get("/", handler)])
web.run_app(app, host=feed.HOST, port=feed.PORT, print=None)
