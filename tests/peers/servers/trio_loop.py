"""trio-websocket: one task sends to one connection after another, awaiting each."""

import itertools

import feed
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, WebSocketRequest, serve_websocket

CONNECTIONS: set[WebSocketConnection] = set()


async def handler(request: WebSocketRequest) -> None:
    ws = await request.accept()
    CONNECTIONS.add(ws)
    try:
        while True:
            await ws.get_message()
    except ConnectionClosed:
        pass
    finally:
        CONNECTIONS.remove(ws)


async def publish() -> None:
    for number in itertools.count():
        message = feed.message(number)
        for ws in list(CONNECTIONS):
            try:
                await ws.send_message(message)
            except ConnectionClosed:
                pass
        await trio.sleep(feed.INTERVAL_S)


async def main() -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publish)
        await serve_websocket(handler, feed.HOST, feed.PORT, ssl_context=None)


trio.run(main)
