"""sse-starlette: one producer puts each event into a queue of every request, as its README broadcasts."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import feed
import uvicorn
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

QUEUES: set[asyncio.Queue[str]] = set()


async def produce() -> None:
    for number in itertools.count():
        message = feed.message(number)
        for queue in QUEUES:
            queue.put_nowait(message)
        await asyncio.sleep(feed.INTERVAL_S)


async def events() -> AsyncIterator[dict[str, str]]:
    queue: asyncio.Queue[str] = asyncio.Queue()
    QUEUES.add(queue)
    try:
        while True:
            yield {"data": await queue.get()}
    finally:
        QUEUES.discard(queue)


async def endpoint(request: Request) -> EventSourceResponse:
    return EventSourceResponse(events())


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    producing = asyncio.create_task(produce())
    yield
    producing.cancel()


app = Starlette(routes=[Route("/", endpoint)], lifespan=lifespan)
uvicorn.run(app, host=feed.HOST, port=feed.PORT, log_level="warning")
