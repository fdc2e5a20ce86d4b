"""trio-websocket: each connection's handler produces and awaits its own ``send_message``."""

import itertools

import feed
import trio
from trio_websocket import ConnectionClosed, WebSocketRequest, serve_websocket


async def handler(request: WebSocketRequest) -> None:
    ws = await request.accept()
    for number in itertools.count():
        try:
            await ws.send_message(feed.message(number))
        except ConnectionClosed:
            break
        await trio.sleep(feed.INTERVAL_S)


async def main() -> None:
    await serve_websocket(handler, feed.HOST, feed.PORT, ssl_context=None)


trio.run(main)
