"""A server that streams only to clients that join properly: ``python -m tests.loopback.joinable`` on PORT.

A client names itself in its URL and sends ``init``; after ``ack NAME``, ``subscribe NAME`` and three bytes.
With ``/deflate`` it must have offered permessage-deflate as browsers do, with ``/secret`` the header of the
token that this start has made. With ``/echo`` it is only ever answered.
"""

import asyncio
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve

BYTES = b"\x00\x10\xff"
TOKEN = secrets.token_hex(8)
OFFER = "permessage-deflate; client_max_window_bits"
NAMES: set[str] = set()


async def expect(client: ServerConnection, wanted: str | bytes) -> None:
    if (got := await client.recv()) != wanted:
        await client.close(4401, f"not {got!r}"[:100])
        raise SystemExit


async def join(client: ServerConnection, query: dict[str, list[str]]) -> None:
    (name,) = query["name"]
    if name in NAMES or client.request is None or client.request.headers["X-Name"] != name:
        await client.close(4400, "a name of its own")
    NAMES.add(name)
    await expect(client, "init")
    await client.send(f"ack {name}")
    await expect(client, f"subscribe {name}")
    await expect(client, BYTES)


async def handle(client: ServerConnection) -> None:
    assert client.request is not None
    url, headers = urlsplit(client.request.path), client.request.headers
    if url.path == "/echo":
        async for message in client:
            await client.send(message.rjust(5000) if isinstance(message, str) else message)
        return
    if (
        url.path == "/deflate"
        and headers.get("Sec-WebSocket-Extensions") != "permessage-deflate; client_max_window_bits"
    ):
        await client.close(4402, "no browser")
    if url.path == "/secret" and headers.get("Authorization") != f"Bearer {TOKEN}":
        await client.close(4403, "who are you")
    if url.query:
        await join(client, parse_qs(url.query))
    number = 0
    while True:
        await client.send(f"{number} {os.urandom(2500).hex()}")
        number += 1
        await asyncio.sleep(0.0005)


async def main() -> None:
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(TOKEN)  # noqa: ASYNC240 - before anything runs
    compression = "deflate" if "DEFLATE" in os.environ else None
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"]), compression=compression):
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
