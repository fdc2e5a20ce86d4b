"""uvicorn and starlette: the ``ConnectionManager`` of FastAPI's page on WebSockets."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import feed
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


class ConnectionManager:
    def __init__(self) -> None:
        self.active_connections: list[WebSocket] = []

    async def connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.active_connections.append(websocket)

    def disconnect(self, websocket: WebSocket) -> None:
        self.active_connections.remove(websocket)

    async def broadcast(self, message: str) -> None:
        for connection in self.active_connections:
            try:
                await connection.send_text(message)
            except (WebSocketDisconnect, RuntimeError):  # it went while we were at it
                pass


manager = ConnectionManager()


async def endpoint(websocket: WebSocket) -> None:
    await manager.connect(websocket)
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        manager.disconnect(websocket)


async def publish() -> None:
    for number in itertools.count():
        await manager.broadcast(feed.message(number))
        await asyncio.sleep(feed.INTERVAL_S)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    publishing = asyncio.create_task(publish())
    yield
    publishing.cancel()


app = Starlette(routes=[WebSocketRoute("/", endpoint)], lifespan=lifespan)
uvicorn.run(app, host=feed.HOST, port=feed.PORT, log_level="warning")
