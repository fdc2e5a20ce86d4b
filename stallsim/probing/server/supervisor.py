"""Starts a test's server, and ends it when the requesting process ends.

The first line of standard input is the request; each later line asks for the server's status. The answers
are lines of JSON. When the input ends, for whatever reason, the server is ended, too.
"""

import os
import sys
from collections.abc import AsyncIterator

import msgspec
import trio
from msgspec import Struct

from ...errors import ExitCode, StallsimError, refusal
from ...interruption import run_until_signal
from ..address import parse_url
from ..resolving import resolve
from ..secrets import Secrets
from ..spec import Command, Target
from .launch import free_port, launch

_READ_BYTES = 4096


class StartRequest(Struct, frozen=True, kw_only=True):
    """The server to start, and its URL; port 0 means a free port."""

    command: Command
    url: str


class Started(Struct, frozen=True, kw_only=True):
    """The first answer: the server listens."""

    url: str
    port: int
    pid: int


class ServerStatus(Struct, frozen=True, kw_only=True):
    """Every further answer."""

    gone: bool
    output: str
    """The last lines that the server has printed."""
    ended: str = ""
    """How the server has ended, with its exit code; empty while it runs."""


async def supervise(order: StartRequest) -> None:
    """Serve requests until the input ends. Raises StallsimError, EnvironmentUnfit."""
    address = parse_url(order.url)
    hosts = await resolve(address, allow_remote=False)
    where = address._replace(port=free_port(hosts)) if address.wants_a_port else address
    async with launch(order.command, where, Secrets(Target(url=order.url), address).masked) as launched:
        _answer(Started(url=where.url, port=where.port, pid=launched.pid))
        async for _ in _questions():
            ended = str(launched.ended()) if launched.gone else ""
            _answer(ServerStatus(gone=bool(ended), output=launched.tail(), ended=ended))


async def _questions() -> AsyncIterator[None]:
    async with trio.lowlevel.FdStream(os.dup(sys.stdin.fileno())) as stream:
        while pieces := await stream.receive_some(_READ_BYTES):
            for _ in range(pieces.count(b"\n")):
                yield


def _answer(answer: Struct) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


def main() -> int:
    """Run the supervisor. The exit code is that of the error, whose one line goes to standard error."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=StartRequest)

    async def work() -> None:
        await supervise(order)

    try:
        interrupted = run_until_signal(work)
    except Exception as raised:
        error = raised if isinstance(raised, StallsimError) else refusal(raised)
        if error is None:
            raise
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return ExitCode.INTERRUPTED if interrupted else ExitCode.PASS


if __name__ == "__main__":
    sys.exit(main())
