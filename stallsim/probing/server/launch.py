"""Starting somebody's server: in a process group of its own, its port awaited, its output kept."""

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import IO

import trio

from ...errors import EnvironmentUnfit
from ..address import Address, resolve
from ..spec import Command

_POLL_S = 0.02
_END_S = 1.0
_TAIL_BYTES = 4000


class StartedServer:
    """A server that we have started."""

    def __init__(self, process: trio.Process, output: IO[bytes]) -> None:
        self._process, self._output = process, output
        self.pid = process.pid

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def tail(self) -> str:
        """The end of what it has printed."""
        size = self._output.seek(0, os.SEEK_END)
        self._output.seek(max(0, size - _TAIL_BYTES))
        return self._output.read().decode(errors="replace")


@asynccontextmanager
async def launch(command: Command, address: Address) -> AsyncIterator[StartedServer]:
    """The server, listening; ended with its whole process group. Raises EnvironmentUnfit."""
    host, port = await resolve(address, allow_remote=False)
    if await _answers(host, port):
        raise EnvironmentUnfit(
            f"port {port} is taken: another server listens there; stop it, or give port 0"
        )
    with tempfile.TemporaryFile() as output:
        try:
            process = await trio.lowlevel.open_process(
                list(command.words),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PORT": str(port)},
            )
        except OSError as error:
            raise EnvironmentUnfit(f"--exec {command.words[0]}: {error.strerror}") from None
        launched = StartedServer(process, output)
        try:
            await _await_port(launched, command, host, port)
            yield launched
        finally:
            await _end(process)


def free_port(host: str) -> int:
    """A port of that address that nobody uses just now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as sock:
        sock.bind((host, 0))
        return int(sock.getsockname()[1])


async def _await_port(launched: StartedServer, command: Command, host: str, port: int) -> None:
    with trio.move_on_after(command.start_timeout_s):
        while not launched.gone:
            if await _answers(host, port):
                return
            await trio.sleep(_POLL_S)
    why = (
        "ended" if launched.gone else f"does not listen on port {port} after {command.start_timeout_s:g} s"
    )
    raise EnvironmentUnfit(f"the started server {why}; the end of its output: {launched.tail()[-600:]!r}")


async def _answers(host: str, port: int) -> bool:
    try:
        stream = await trio.open_tcp_stream(host, port)
    except OSError:
        return False
    await trio.aclose_forcefully(stream)
    return True


async def _end(process: trio.Process) -> None:
    """SIGTERM to the whole group, SIGKILL to what is left of it, whatever has been cancelled."""
    with trio.CancelScope(shield=True):
        _signal_group(process.pid, signal.SIGTERM)
        with trio.move_on_after(_END_S):
            await process.wait()
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, number)
