"""One stream for all, 3 MB/s, each client with a queue of its own, mended as the environment says.

POLICY (grow, drop, disconnect, conflate) acts where BOUND bytes wait for one client; WRITE_TIMEOUT_S aborts
who has been given nothing for so long; PING_TIMEOUT_S aborts who has answered no Ping for so long after one
that goes out each PING_EACH_S. RATE is in messages a second.
"""

import asyncio
import os
import time
from collections import deque
from collections.abc import Awaitable

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

PORT = int(os.environ["PORT"])
RATE, SIZE = float(os.environ.get("RATE", "450")), 6600
POLICY, BOUND = os.environ.get("POLICY", "grow"), int(os.environ.get("BOUND", f"{2**60}"))
WRITE_TIMEOUT_S = float(os.environ.get("WRITE_TIMEOUT_S", "inf"))
PING_TIMEOUT_S = float(os.environ.get("PING_TIMEOUT_S", "inf"))
PING_EACH_S = float(os.environ.get("PING_EACH_S", "20"))
CHECK_EACH_S = 0.25
CLIENTS: set["Subscriber"] = set()
WAITING: set[asyncio.Future[None]] = set()


class Subscriber:
    """A queue and who empties it."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.queue: deque[str] = deque()
        self.waiting_bytes = 0
        self.wanted = asyncio.Event()
        self.given_s = self.heard_s = time.monotonic()
        self.ended = False

    def put(self, message: str) -> None:
        if self.waiting_bytes + len(message) > BOUND:
            if POLICY == "disconnect":
                self.end()
                return
            if POLICY == "drop":
                return
            if POLICY == "conflate":
                self.queue.clear()
                self.waiting_bytes = 0
        self.queue.append(message)
        self.waiting_bytes += len(message)
        self.wanted.set()

    def end(self) -> None:
        self.ended = True
        self.queue.clear()
        self.connection.transport.abort()

    async def give(self) -> None:
        while not self.ended:
            while self.queue:
                message = self.queue.popleft()
                self.waiting_bytes -= len(message)
                await self.connection.send(message)
                self.given_s = time.monotonic()
            self.given_s = time.monotonic()
            self.wanted.clear()
            await self.wanted.wait()

    async def ask(self) -> None:
        """The Pong is awaited beside: the next Ping does not wait for it."""
        while not self.ended:
            await asyncio.sleep(PING_EACH_S)
            answered = await self.connection.ping()
            WAITING.add(asyncio.ensure_future(self._hear(answered)))

    async def _hear(self, answered: Awaitable[float]) -> None:
        try:
            await answered
        except ConnectionClosed:
            return
        self.heard_s = time.monotonic()

    def check(self, now: float) -> None:
        silent_s = now - self.heard_s - PING_EACH_S
        if (self.queue and now - self.given_s > WRITE_TIMEOUT_S) or silent_s > PING_TIMEOUT_S:
            self.end()


async def handle(connection: ServerConnection) -> None:
    subscriber = Subscriber(connection)
    CLIENTS.add(subscriber)
    tasks = [asyncio.ensure_future(subscriber.give())]
    if float("inf") > PING_TIMEOUT_S:
        tasks.append(asyncio.ensure_future(subscriber.ask()))
    try:
        async for _ in connection:
            pass
    except ConnectionClosed:
        pass
    finally:
        CLIENTS.discard(subscriber)
        for task in tasks:
            task.cancel()


async def check() -> None:
    while True:
        await asyncio.sleep(CHECK_EACH_S)
        now = time.monotonic()
        for subscriber in list(CLIENTS):
            subscriber.check(now)


async def main() -> None:
    async with serve(handle, "127.0.0.1", PORT, compression=None, ping_interval=None):
        checking = asyncio.ensure_future(check())
        began_s, number = time.monotonic(), 0
        while not checking.done():
            number += 1
            message = f"{number:012d} {time.time():.6f} ".ljust(SIZE, "x")
            for subscriber in list(CLIENTS):
                subscriber.put(message)
            await asyncio.sleep(max(0.0, began_s + number / RATE - time.monotonic()))


asyncio.run(main())
