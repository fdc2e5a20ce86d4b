"""sse-starlette: each request has a generator of its own, which produces when the last event was sent."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import feed
import uvicorn
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route


async def events() -> AsyncIterator[dict[str, str]]:
    for number in itertools.count():
        yield {"data": feed.message(number)}
        await asyncio.sleep(feed.INTERVAL_S)


async def endpoint(request: Request) -> EventSourceResponse:
    return EventSourceResponse(events())


app = Starlette(routes=[Route("/", endpoint)])
uvicorn.run(app, host=feed.HOST, port=feed.PORT, log_level="warning")
