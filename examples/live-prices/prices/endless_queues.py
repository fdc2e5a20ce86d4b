"""BUG: a queue for each browser, so that nobody waits for another. For one that sleeps it has no end."""

import asyncio

from fastapi import WebSocket, WebSocketDisconnect

from .app import make_app


class Queues:
    """Every browser has a queue, and its own task that sends."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[str]] = set()

    def new_queue(self) -> asyncio.Queue[str]:
        """For one browser."""
        return asyncio.Queue()

    async def serve(self, websocket: WebSocket) -> None:
        """Until the browser goes."""
        await websocket.accept()
        queue = self.new_queue()
        self.queues.add(queue)
        try:
            while True:
                await websocket.send_text(await queue.get())
        except WebSocketDisconnect:
            pass
        finally:
            self.queues.discard(queue)

    async def publish(self, text: str) -> None:
        """Never waits: what is not sent stays in the queue."""
        for queue in self.queues:
            queue.put_nowait(text)


app = make_app(Queues())
