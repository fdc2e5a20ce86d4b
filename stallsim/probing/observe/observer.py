"""Looking at both connections and at the server's process, all in one place and at one moment."""

import socket
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import trio

from ...kernel.diag_socket import DiagSocket
from ...kernel.queues import receive_queue
from ...kernel.tcp_info import read_tcp_info
from ..client.connection import Connection
from ..client.websocket_client import WebSocketClient
from ..server.process_tree import ProcessTree
from .observation import Sample
from .witness_stream import WitnessStream

LOOK_S = 0.02
_MEMORY_LOOK_S = 0.1
_SAMPLES_MAX = 3000
_ESTABLISHED = 1
_SHELLS = ("sh", "bash", "dash")
"""Of a server that a shell has started, they are not the name."""
_IDLE_S, _IDLE_GAPS = 0.3, 1.5


@dataclass(frozen=True)
class ServerEnd:
    """The server's end of a connection, as the kernel tells anybody on the machine."""

    state: int
    """include/net/tcp_states.h; 1: ESTABLISHED."""
    outq_bytes: int


@dataclass(frozen=True)
class ServerView:
    """What can be seen from outside on this machine."""

    server_end: Callable[[Connection], ServerEnd | None] | None = None
    """Gives None where there is no such socket any more. Absent for another machine or stack."""
    server_socket: Callable[[Connection], DiagSocket | None] | None = None
    """The same with all that the kernel tells; absent where the other is."""
    holders: Callable[[Connection], frozenset[int]] | None = None
    """Gives the processes that hold the server's end; none where they may not be looked into."""
    memory: ProcessTree | None = None
    """The server's processes, where they are known."""
    remedy: str = ""
    """What to do for its memory to be read, where that is known."""

    @property
    def visible(self) -> bool:
        """Whether the server's end of a connection can be read."""
        return self.server_end is not None

    def rss_bytes(self) -> int | None:
        """RSS of the server's processes."""
        reading = self.memory.read() if self.memory else None
        return reading.rss_bytes if reading and reading.alive else None

    def name(self) -> str:
        """What the server's processes are called."""
        reading = self.memory.read() if self.memory else None
        names = dict.fromkeys(one.name for one in reading.processes) if reading else {}
        return " ".join([name for name in names if name not in _SHELLS] or names)

    def available_bytes(self) -> int | None:
        """What this machine can give to new work without swapping, if the server is on it."""
        return psutil.virtual_memory().available if self.visible else None


class Observer:
    """Samples of one stall; ``at_s`` counts from ``begin``."""

    def __init__(self, witness: WebSocketClient, stalled: Connection, view: ServerView) -> None:
        self._witness_stream, self._stalled, self._view = WitnessStream(witness), stalled, view
        self._every, self._looks = 1, 0
        self._memory: int | None = None
        self._memory_due_s = 0.0
        self.began_s = trio.current_time()
        self.samples: list[Sample] = []
        self.server_state: int | None = _ESTABLISHED if view.visible else None

    def begin(self) -> None:
        """The stall begins now."""
        self.began_s = trio.current_time()
        self.samples = [self.look()]

    @property
    def at_s(self) -> float:
        """Seconds since the stall began."""
        return trio.current_time() - self.began_s

    def look(self) -> Sample:
        """One sample, which nobody keeps."""
        now = trio.current_time()
        if now >= self._memory_due_s:
            self._memory = self._view.rss_bytes()
            self._memory_due_s = now + _MEMORY_LOOK_S
        end = None
        if self._view.server_end is not None:
            end = self._view.server_end(self._stalled)
            self.server_state = end.state if end else None
        witness_bytes, witness_idle_s = self._witness_stream.look()
        return Sample(
            at_s=now - self.began_s,
            witness_bytes=witness_bytes,
            witness_idle_s=witness_idle_s,
            received_bytes=_received(self._stalled.sock),
            rcvq_bytes=receive_queue(self._stalled.sock) if self._stalled.alive else 0,
            outq_bytes=(end.outq_bytes if end else 0) if self._view.visible else None,
            memory_bytes=self._memory,
        )

    def note(self) -> Sample:
        """One sample that is kept; a long stall keeps every second, then every fourth..."""
        sample = self.look()
        self._looks += 1
        if self._looks % self._every == 0:
            self.samples.append(sample)
        if len(self.samples) > _SAMPLES_MAX:
            del self.samples[1::2]
            self._every *= 2
        return sample

    @property
    def server_closes(self) -> bool:
        """Whether either kernel says that the server has ended the stalled client's connection."""
        if not self._stalled.alive:
            return True
        if read_tcp_info(self._stalled.sock).state != _ESTABLISHED:
            return True
        return self._view.visible and self.server_state != _ESTABLISHED


def _received(sock: socket.socket) -> int:
    return read_tcp_info(sock).bytes_received if sock.fileno() >= 0 else 0


def stands_still(now: Sample, usual_gap_s: float) -> bool:
    """The witness is given nothing while bytes wait for the other in both kernels: worth a longer look."""
    waits = now.rcvq_bytes > 0 and (now.outq_bytes is None or now.outq_bytes > 0)
    return waits and now.witness_idle_s > max(_IDLE_S, _IDLE_GAPS * usual_gap_s)
