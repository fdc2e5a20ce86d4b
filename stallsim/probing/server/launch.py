"""Starts a server, waits for its port, reads its output, and ends all of its processes."""

import errno
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

import trio

from ...children.program import Program
from ...errors import EnvironmentUnfit, Unavailable
from ...kernel.sock_diag import SockDiag
from ..address import Address
from ..resolving import resolve
from ..spec import Command

Masked = Callable[[str], str]
"""Masks the credentials in a text: the server prints what it likes."""
_POLL_S = 0.02
_EVERYWHERE = ("0.0.0.0", "::")
_END_S, _FREE_S, _CONNECT_S = 7.0, 5.0, 1.0


class StartedServer:
    """A server that this program has started."""

    def __init__(self, program: Program, start_timeout_s: float, masked: Masked) -> None:
        self._program, self.start_timeout_s, self._masked = program, start_timeout_s, masked
        self.ready_by_s = trio.current_time() + start_timeout_s
        """The latest time, on trio's clock, at which the server should serve its stream."""
        self.pid = program.pid
        self.listens_everywhere = False

    @property
    def gone(self) -> bool:
        """Whether the server has ended."""
        return self._program.gone

    def unfit(self, why: str) -> EnvironmentUnfit:
        """The error for a server that did not start to serve."""
        return EnvironmentUnfit(f"the started server {why}; the end of its output: {self.tail()[-600:]!r}")

    def ended(self) -> EnvironmentUnfit:
        """The error for a server that ended too early, perhaps to go on in the background."""
        status = self._program.status()
        left = f", and left {status.descendants} processes in the background" if status.descendants else ""
        remedy = "; give a command that stays in the foreground" if left else ""
        return self.unfit(f"ended with {status.code}{left}{remedy}")

    def tail(self) -> str:
        """The last lines that the server has printed, without the credentials."""
        return self._masked(self._program.status().output)


@asynccontextmanager
async def launch(command: Command, address: Address, masked: Masked) -> AsyncIterator[StartedServer]:
    """Start the server and wait until it listens; on leaving, end it and all of its processes. Raises
    EnvironmentUnfit.
    """
    hosts, port = await resolve(address, allow_remote=False), address.port
    if await _answers(hosts, port):
        if address.is_unix:
            raise EnvironmentUnfit(f"{address.host} is taken: another server listens there; stop it")
        raise EnvironmentUnfit(
            f"port {port} is taken: another server listens there; stop it, or give port 0"
        )
    place = {"SOCKET": address.host} if address.is_unix else {"PORT": str(port)}
    left = _new_socket(address)
    # in a thread, since another server may be watched until this one runs
    with await trio.to_thread.run_sync(Program, command.words, {**os.environ, **place}) as program:
        launched = StartedServer(program, command.start_timeout_s, masked)
        try:
            await _await_port(launched, command, hosts, port)
            launched.listens_everywhere = bool(port) and _listens_everywhere(port)
            yield launched
        finally:
            with trio.CancelScope(shield=True):
                await _end(program)
                await _await_free(hosts, port)
                if left is not None:
                    _remove_socket(left)


@asynccontextmanager
async def serving(
    command: Command | None, address: Address, hosts: Sequence[str], masked: Masked
) -> AsyncIterator[tuple[Address, StartedServer | None]]:
    """The address of the server: of the running one, or of a new one, at a free port if the URL asks for
    that.
    """
    if command is None:
        yield address, None
        return
    where = address._replace(port=free_port(hosts)) if address.wants_a_port else address
    async with launch(command, where, masked) as launched:
        yield where, launched


def free_port(hosts: Sequence[str]) -> int:
    """A port that is free on all these addresses at the moment."""
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
                    raise EnvironmentUnfit(f"no free port at {host}: {error.strerror}") from None
                continue  # the port is in use at the other address: try the next one
            return port


async def _await_port(launched: StartedServer, command: Command, hosts: Sequence[str], port: int) -> None:
    with trio.move_on_after(command.start_timeout_s):
        while not launched.gone:
            if await _answers(hosts, port):
                return
            await trio.sleep(_POLL_S)
    if launched.gone:
        raise launched.ended()
    where = f"port {port}" if port else hosts[0]
    raise launched.unfit(f"does not listen on {where} after {command.start_timeout_s:g} s")


def _listens_everywhere(port: int) -> bool:
    """Whether the server listens at that port on every interface; False, too, if sock_diag(7) is not
    available.
    """
    with suppress(Unavailable), SockDiag() as diag:
        return any(one.id.own_host in _EVERYWHERE for one in diag.listeners(port))
    return False


async def _await_free(hosts: Sequence[str], port: int) -> None:
    """Wait, for a limited time, until no process listens there, so that the next server can."""
    with trio.move_on_after(_FREE_S):
        while await _answers(hosts, port):  # noqa: ASYNC110 - the kernel has no event for it
            await trio.sleep(_POLL_S)


async def _answers(hosts: Sequence[str], port: int) -> bool:
    """Whether a process listens at one of these addresses."""
    for host in hosts:
        with trio.move_on_after(_CONNECT_S) as limit:
            try:
                stream = await _open(host, port)
            except OSError:
                continue
            await trio.aclose_forcefully(stream)
            return True
        if limit.cancelled_caught:  # a process listens, and its backlog is full
            return True
    return False


async def _open(host: str, port: int) -> trio.SocketStream:
    if port:
        return await trio.open_tcp_stream(host, port)
    return await trio.open_unix_socket(host)


def _new_socket(address: Address) -> Path | None:
    """The file that the server will create for its unix socket; None if it exists, or the server needs
    none.
    """
    path = Path(address.host)
    return path if address.is_unix and not path.exists() else None


def _remove_socket(path: Path) -> None:
    """Remove the socket file of a killed server, since the next server could not listen there."""
    if path.is_socket():
        path.unlink()


async def _end(program: Program) -> None:
    """End the program and return when none of its processes is left; after a limit, they are killed."""
    program.begin_end()
    with trio.move_on_after(_END_S):
        while not program.ended:  # noqa: ASYNC110 - there is no event for a descendant's end
            await trio.sleep(_POLL_S)
