"""hypercorn: a bare ASGI application; each connection produces and awaits its own send."""

import asyncio
import itertools

import feed
from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope


async def stream(send: ASGISendCallable) -> None:
    for number in itertools.count():
        await send({"type": "websocket.send", "bytes": None, "text": feed.message(number)})
        await asyncio.sleep(feed.INTERVAL_S)


async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    if scope["type"] != "websocket":
        raise NotImplementedError(scope["type"])  # what ASGI asks of an application that has no lifespan
    await receive()
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    streaming = asyncio.create_task(stream(send))
    while (await receive())["type"] != "websocket.disconnect":
        pass
    streaming.cancel()


config = Config()
config.bind = [f"{feed.HOST}:{feed.PORT}"]
asyncio.run(serve(app, config))
