"""A stream for each client that waits for it. Pings each second, and closes after 20 s without a Pong."""

import asyncio
import os
import time

from websockets.asyncio.server import ServerConnection, serve


async def handle(ws: ServerConnection) -> None:
    async def ping() -> None:
        while True:
            await asyncio.sleep(1)
            began = time.monotonic()
            await asyncio.wait_for(await ws.ping(), 20)
            print(f"Pong after {time.monotonic() - began:.2f} s", flush=True)

    async def stream() -> None:
        number = 0
        while True:
            number += 1
            await ws.send(f"{number} " + "x" * 6000)
            await asyncio.sleep(0.002)

    tasks = [asyncio.ensure_future(ping()), asyncio.ensure_future(stream())]
    await ws.wait_closed()
    for task in tasks:
        task.cancel()


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        await asyncio.Future()


asyncio.run(main())
