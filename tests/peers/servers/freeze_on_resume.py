"""websockets: an unbounded queue for each subscriber, and CPU work for each message as it is sent: it is
signed with a slow hash. Neither ``queue.get()`` nor ``send()`` gives way while there is something to send
and room to send it in, so a backlog is signed in one go, and nobody else is served meanwhile.
"""

import asyncio
import hashlib
import itertools

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

QUEUES: set[asyncio.Queue[str]] = set()


def signed(message: str) -> str:
    """The same length: the signature takes the place of the last 64 characters."""
    body = message[:-64]
    return body + hashlib.pbkdf2_hmac("sha256", body.encode(), b"secret", 1200).hex()


async def handler(websocket: ServerConnection) -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    QUEUES.add(queue)
    try:
        while True:
            await websocket.send(signed(await queue.get()))
    except ConnectionClosed:
        pass
    finally:
        QUEUES.remove(queue)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT):
        for number in itertools.count():
            message = feed.message(number)
            for queue in QUEUES:
                queue.put_nowait(message)
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
