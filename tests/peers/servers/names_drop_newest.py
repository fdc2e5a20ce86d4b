"""websockets: one stream for all, each message with its subscriber's name in it, as rooms and dashboards
do; a subscriber whose write buffer holds 256 KiB is passed over until it has room again.
"""

import asyncio
import itertools
import json

import feed
from websockets.asyncio.server import ServerConnection, serve
from websockets.protocol import State

BUFFER_BYTES_MAX = 256 << 10
SUBSCRIBERS: set[ServerConnection] = set()


def publish(message: str) -> None:
    for websocket in SUBSCRIBERS:
        if websocket.state is not State.OPEN:  # it is ending, and send_text() would raise
            continue
        if websocket.transport.get_write_buffer_size() < BUFFER_BYTES_MAX:
            named = json.dumps({"to": websocket.id.hex[:8], "message": message})
            websocket.protocol.send_text(named.encode())
            websocket.transport.writelines(websocket.protocol.data_to_send())


async def handler(websocket: ServerConnection) -> None:
    SUBSCRIBERS.add(websocket)
    try:
        await websocket.wait_closed()
    finally:
        SUBSCRIBERS.remove(websocket)


async def main() -> None:
    async with serve(handler, feed.HOST, feed.PORT, compression=None):
        for number in itertools.count():
            publish(feed.message(number))
            await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
