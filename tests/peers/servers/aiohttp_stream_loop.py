"""aiohttp: a background task writes a chunk to one streamed response after another, awaiting each."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import suppress

import feed
from aiohttp import web

responses = web.AppKey("responses", set[web.StreamResponse])


async def handler(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    request.app[responses].add(response)
    try:
        await asyncio.Future()
    finally:
        request.app[responses].discard(response)
    return response


async def publish(app: web.Application) -> None:
    for number in itertools.count():
        message = f"{feed.message(number)}\n".encode()
        for response in app[responses].copy():
            with suppress(ConnectionResetError):
                await response.write(message)
        await asyncio.sleep(feed.INTERVAL_S)


async def background(app: web.Application) -> AsyncIterator[None]:
    publishing = asyncio.create_task(publish(app))
    yield
    publishing.cancel()


app = web.Application()
app[responses] = set()
app.add_routes([web.get("/", handler)])
app.cleanup_ctx.append(background)
web.run_app(app, host=feed.HOST, port=feed.PORT, print=None, handler_cancellation=True)
