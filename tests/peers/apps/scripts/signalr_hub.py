"""A hub whose clients are all sent each message, one broadcast after the other."""

import asyncio
import os
import sys
from pathlib import Path

from aiosignalr.server import Hub, SignalRServer

sys.path.append(str(Path(os.environ["APPS"]).parent / "servers"))
import feed


class Prices(Hub):
    """No methods: it is only listened to."""


async def main() -> None:
    server = SignalRServer(Prices)
    await server.serve(feed.HOST, feed.PORT, path="/hub")
    number = 0
    while True:
        await server.lifetime.send_all("price", (feed.message(number),))
        number += 1
        await asyncio.sleep(feed.INTERVAL_S)


asyncio.run(main())
