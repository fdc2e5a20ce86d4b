"""FIXED: a queue of eight for each browser. Who sleeps misses order books, and wakes to the newest ones."""

import asyncio

from .app import make_app
from .endless_queues import Queues

QUEUE_MAX = 8


class LatestQueues(Queues):
    """As before, and each queue has an end."""

    def new_queue(self) -> asyncio.Queue[str]:
        """For one browser."""
        return asyncio.Queue(QUEUE_MAX)

    async def publish(self, text: str) -> None:
        """The oldest goes: a newer order book says all that it said."""
        for queue in self.queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(text)


app = make_app(LatestQueues())
