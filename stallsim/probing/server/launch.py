"""Starting somebody's server: in a process group of its own, its port awaited, its output kept."""

import errno
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import IO

import psutil
import trio

from ...errors import EnvironmentUnfit
from ..address import Address, resolve
from ..spec import Command

_POLL_S = 0.02
_END_S, _FREE_S = 1.0, 5.0
_TAIL_BYTES = 4000


class StartedServer:
    """A server that we have started."""

    def __init__(self, process: trio.Process, output: IO[bytes], start_timeout_s: float) -> None:
        self._process, self._output = process, output
        self.ready_by_s = trio.current_time() + start_timeout_s
        """When it should give a stream, by trio's clock."""
        self.pid = process.pid

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def unfit(self, why: str) -> EnvironmentUnfit:
        """The error of a server that did not become one."""
        return EnvironmentUnfit(f"the started server {why}; the end of its output: {self.tail()[-600:]!r}")

    def tail(self) -> str:
        """The end of what it has printed."""
        size = self._output.seek(0, os.SEEK_END)
        self._output.seek(max(0, size - _TAIL_BYTES))
        return self._output.read().decode(errors="replace")


@asynccontextmanager
async def launch(command: Command, address: Address) -> AsyncIterator[StartedServer]:
    """The server, listening; ended with its whole process group. Raises EnvironmentUnfit."""
    hosts, port = await resolve(address, allow_remote=False), address.port
    if await _answers(hosts, port):
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
        launched = StartedServer(process, output, command.start_timeout_s)
        try:
            await _await_port(launched, command, hosts, port)
            yield launched
        finally:
            with trio.CancelScope(shield=True):
                await _end(process)
                await _await_free(hosts, port)


def free_port(hosts: Sequence[str]) -> int:
    """A port of all those addresses that nobody uses just now."""
    while True:
        with ExitStack() as stack:
            port = 0
            try:
                for host in hosts:
                    family = socket.AF_INET6 if ":" in host else socket.AF_INET
                    sock = stack.enter_context(socket.socket(family))
                    sock.bind((host, port))
                    port = int(sock.getsockname()[1])
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise EnvironmentUnfit(f"no port can be had of {host}: {error.strerror}") from None
                continue  # the other address has it in use: the next one
            return port


async def _await_port(launched: StartedServer, command: Command, hosts: Sequence[str], port: int) -> None:
    with trio.move_on_after(command.start_timeout_s):
        while not launched.gone:
            if await _answers(hosts, port):
                return
            await trio.sleep(_POLL_S)
    raise launched.unfit(
        "ended" if launched.gone else f"does not listen on port {port} after {command.start_timeout_s:g} s"
    )


async def _await_free(hosts: Sequence[str], port: int) -> None:
    """Until nobody listens there any more, so that the next server can; for a while."""
    with trio.move_on_after(_FREE_S):
        while await _answers(hosts, port):  # noqa: ASYNC110 - the kernel tells nobody
            await trio.sleep(_POLL_S)


async def _answers(hosts: Sequence[str], port: int) -> bool:
    """Whether anybody listens at any of those addresses."""
    for host in hosts:
        try:
            stream = await trio.open_tcp_stream(host, port)
        except OSError:
            continue
        await trio.aclose_forcefully(stream)
        return True
    return False


async def _end(process: trio.Process) -> None:
    """SIGTERM to the whole group, SIGKILL to what is left of it; return when nothing of it is left.

    The shell that started a server may be gone long before the server is.
    """
    _signal_group(process.pid, signal.SIGTERM)
    with trio.move_on_after(_END_S):
        await process.wait()
        await _await_group(process.pid)
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()
    with trio.move_on_after(_FREE_S):
        await _await_group(process.pid)


async def _await_group(group: int) -> None:
    while any(_is_member(process, group) for process in psutil.process_iter()):  # noqa: ASYNC110 - not ours
        await trio.sleep(_POLL_S)


def _is_member(process: psutil.Process, group: int) -> bool:
    """Zombies hold nothing any more, and whoever should wait for them may never do it."""
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, number)
