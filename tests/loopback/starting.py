"""Servers that start or end slowly: ``python -m tests.loopback.starting WHAT`` on PORT.

Each streams once it is ready; what is odd about its start or its end is what its name says.
"""

import asyncio
import http
import os
import signal
import sys
import time
from pathlib import Path

from websockets.asyncio.server import ServerConnection, serve, unix_serve
from websockets.http11 import Request, Response

BORN_S, LATE_S = time.monotonic(), 0.7
HOSTS = {"six": "::1", "refuses": ""}
"""Where it is not 127.0.0.1: another address of the loopback, and every interface."""
HOST = next((host for what, host in HOSTS.items() if what in sys.argv[1]), "127.0.0.1")


async def handle(client: ServerConnection) -> None:
    number = 0
    while True:
        await client.send(f"{number} ".ljust(5000, "x"))
        number += 1
        await asyncio.sleep(0.0005)


def gate(client: ServerConnection, _: Request) -> Response | None:
    """A proxy before its backend: 404, then 502, then 503, then the stream."""
    if sys.argv[1] == "never":
        return client.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, "starting\n")
    if (age_s := time.monotonic() - BORN_S) < LATE_S:
        status = (404, 502, 503)[int(age_s / LATE_S * 3)]
        return client.respond(http.HTTPStatus(status), "starting\n")
    return None


async def drop_the_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.transport.abort()


async def speak_another_protocol(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers a request with words that are not HTTP's and do not end, and stays."""
    if await reader.readline():
        print("asked", flush=True)
        writer.write(b"220 mail\x1b[31m")
        await asyncio.Future()


async def main(what: str) -> None:
    port = int(os.environ.get("PORT") or 0)
    if what == "ends_slowly":
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, lambda: loop.call_later(0.4, sys.exit, 0))
    if what == "unix":
        async with unix_serve(handle, os.environ["SOCKET"], compression=None):
            print("listens", flush=True)
            await asyncio.Future()
    if what == "drops":
        async with await asyncio.start_server(drop_the_first, HOST, port):
            await asyncio.sleep(LATE_S)
    if what == "mail":
        async with await asyncio.start_server(speak_another_protocol, HOST, port):
            await asyncio.Future()
    process_request = gate if what in ("refuses", "never") else None
    async with serve(handle, HOST, port, compression=None, process_request=process_request):
        await asyncio.Future()


if __name__ == "__main__":
    if sys.argv[1] == "once":
        if Path(sys.argv[2]).exists():
            sys.exit("started once already")
        Path(sys.argv[2]).touch()
    asyncio.run(main(sys.argv[1]))
