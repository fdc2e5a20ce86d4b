"""Watches a connection of this process from outside of the program: its own eyes, its own clock."""

import os
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

import trio

from stallsim.kernel.queues import receive_queue
from stallsim.kernel.tcp_info import read_tcp_info
from stallsim.timeline.timeline import Timeline

from .real_trace import OPTIONS

_LOOK_EVERY_S = 0.002
_ESTABLISHED = 1
"""tcpi_state."""


class Shut(NamedTuple):
    """The window was seen shut."""

    at_s: float
    rcvq_bytes: int


class Witness:
    """Looks every 2 ms, from the freeze on; keeps the longest time for which it could not look."""

    def __init__(self) -> None:
        self.options: dict[str, int] = {}
        self.shut: Shut | None = None
        self.blind_s = 0.0
        self.asleep_since_s: float | None = None
        self.done = False

    @property
    def watcher(self) -> Callable[[Timeline], Awaitable[str]]:
        """What ``Execution.execute`` runs beside the run."""
        return self._watch

    async def _watch(self, timeline: Timeline) -> str:
        while not (timeline.samples and timeline.samples[0]):  # noqa: ASYNC110 - a list tells nobody
            await trio.sleep(_LOOK_EVERY_S)
        server, client = _ends()
        self.options = {name: _option(client, name) for name in OPTIONS}
        looked_s = time.perf_counter()
        while not self.done and timeline.end is None:
            await trio.sleep(_LOOK_EVERY_S)
            now_s = time.perf_counter()
            if self.asleep_since_s is not None:
                self.blind_s = max(self.blind_s, now_s - looked_s)
                if self.shut is None and read_tcp_info(server).snd_wnd == 0:
                    self.shut = Shut(now_s, receive_queue(client))
            looked_s = now_s
        server.detach()
        client.detach()
        return "seen enough"


def _ends() -> tuple[socket.socket, socket.socket]:
    """The server's and the client's end; the client's was opened first, so its number is lower.

    The descriptors are borrowed, never duplicated: a duplicate would keep a closed end open.
    """
    established: list[socket.socket] = []
    for entry in os.listdir("/proc/self/fd"):  # noqa: PTH208 - Path would open and resolve them
        with suppress(OSError):
            if not os.readlink(f"/proc/self/fd/{entry}").startswith("socket:"):  # noqa: PTH115
                continue
            sock = socket.socket(fileno=int(entry))
            if _is_established(sock):
                established.append(sock)
            else:
                sock.detach()
    client, server = sorted(established, key=socket.socket.fileno)
    assert client.getpeername() == server.getsockname(), "one connection, both of its ends"
    return server, client


def _is_established(sock: socket.socket) -> bool:
    if (sock.family, sock.type) != (socket.AF_INET, socket.SOCK_STREAM):
        return False
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _ESTABLISHED


def _option(sock: socket.socket, name: str) -> int:
    level = socket.SOL_SOCKET if name.startswith("SO_") else socket.IPPROTO_TCP
    return sock.getsockopt(level, getattr(socket, name))
