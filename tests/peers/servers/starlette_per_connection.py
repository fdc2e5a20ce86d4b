"""uvicorn and starlette: each endpoint produces and awaits its own ``send_text``.

UVICORN_WS chooses uvicorn's WebSocket implementation, as its option ``--ws`` does.
"""

import asyncio
import itertools
import os

import feed
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


async def endpoint(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        for number in itertools.count():
            await websocket.send_text(feed.message(number))
            await asyncio.sleep(feed.INTERVAL_S)
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/", endpoint)])
uvicorn.run(
    app, host=feed.HOST, port=feed.PORT, log_level="warning", ws=os.environ.get("UVICORN_WS", "auto")
)
