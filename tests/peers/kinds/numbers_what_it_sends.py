"""Numbers for each client what it sends, so that a dropped message leaves no gap.

Who has 256 KiB waiting is passed over. CONTENT=1: the messages have a content that is the same for all.
"""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, serve
from websockets.protocol import State

BUFFER_BYTES_MAX = 256 << 10
CONTENT = bool(os.environ.get("CONTENT"))
SENT: dict[ServerConnection, int] = {}


async def handler(websocket: ServerConnection) -> None:
    SENT[websocket] = 0
    try:
        await websocket.wait_closed()
    finally:
        SENT.pop(websocket)


def publish(content: str) -> None:
    for websocket, number in SENT.items():
        if websocket.state is State.OPEN and websocket.transport.get_write_buffer_size() < BUFFER_BYTES_MAX:
            text = content if CONTENT else os.urandom(3340).hex()
            websocket.protocol.send_text(f"{number:012d} {text}".encode())
            websocket.transport.writelines(websocket.protocol.data_to_send())
            SENT[websocket] = number + 1


async def main() -> None:
    async with serve(handler, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        while True:
            publish(os.urandom(3340).hex())
            await asyncio.sleep(0.004)


asyncio.run(main())
