"""The application itself: it makes order books, and a hub hands them to the browsers."""

import asyncio
import itertools
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI, WebSocket

INTERVAL_S = float(os.environ.get("PRICES_INTERVAL_S", "0.1"))
DEPTH = 60


class Hub(Protocol):
    """Who is connected, and how a text gets to them."""

    async def serve(self, websocket: WebSocket) -> None:
        """One browser, from its handshake to its end."""

    async def publish(self, text: str) -> None:
        """One text for all."""


def order_book(number: int) -> str:
    """Some 4 kB, complete in itself: who has the newest needs no other."""
    levels = [{"price": 10_000 + level, "size": (number * level) % 997} for level in range(DEPTH)]
    return json.dumps({"number": number, "bids": levels, "asks": levels[::-1]})


def make_app(hub: Hub) -> FastAPI:
    """The application that publishes by way of ``hub``."""

    async def publish() -> None:
        for number in itertools.count():
            await hub.publish(order_book(number))
            await asyncio.sleep(INTERVAL_S)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        publishing = asyncio.create_task(publish())
        yield
        publishing.cancel()

    app = FastAPI(lifespan=lifespan)
    app.add_api_websocket_route("/prices", hub.serve)
    return app
