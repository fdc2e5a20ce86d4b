"""Gives every client an answer of its own, of COUNT messages, one each EVERY_S, and then nothing more.

Nothing is bounded, and nobody waits for anybody: tokens of a language model, a replay, a list of results.
"""

import asyncio
import os

from websockets.asyncio.server import ServerConnection, broadcast, serve

COUNT, EVERY_S = int(os.environ.get("COUNT", "300")), float(os.environ.get("EVERY_S", "0.005"))
SIZE = int(os.environ.get("SIZE", "20000"))


async def handle(ws: ServerConnection) -> None:
    for number in range(COUNT):
        broadcast([ws], f"{number} " + "x" * SIZE)  # never waits
        await asyncio.sleep(EVERY_S)
    print("answer complete, still held:", ws.transport.get_write_buffer_size(), flush=True)
    await ws.wait_closed()


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        await asyncio.Future()


asyncio.run(main())
