"""A share of the clients, on a worker: an actor of Dask's, which is ordered about and asked what it reads.

Its clients end with it: when the worker ends, the pipes of its processes end, and each of these aborts its
connections. They end, too, when nobody has asked for a while: a fleet whose beginning is out of reach must
not go on against somebody's server.
"""

import socket
import time
from pathlib import Path

import trio
from msgspec import Struct
from msgspec.structs import replace

from ...kernel.tcp_memory import tcp_bytes
from ...probing.address import parse_url
from ...probing.client.tls_context import tls_context
from ...probing.resolving import is_loopback, resolve
from ...timeline.fleet.clients import HeldCount
from ...timeline.fleet.looks import FleetLook, KernelMemory
from ...version import __version__
from ..kernel_memory import KernelMemoryReader
from ..orders import BeginOrder
from ..preflight import Short, check_fleet, running_short, take_descriptors
from ..sources import sources_of
from ..spec import CLIENTS_A_PROCESS
from ..stack import check_black_hole
from .client_ends import ClientEnds
from .held import Begins, HeldClients

LEASE_S = 15.0
"""Without a question for so long, a share ends its clients."""
_PROCESSES_MAX = 50
_MEMORY_EACH_S, _MEMORY_SHARE = 0.5, 0.04
"""The kernel's memory of very many sockets is read more rarely, to take no more than that of a core."""


def network_stack() -> str:
    """The same of all processes that share one network stack."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    return f"{boot}/{Path('/proc/self/ns/net').stat().st_ino}"


class About(Struct, frozen=True, kw_only=True):
    """What a worker says of itself."""

    host: str
    stack: str
    """The same of all workers that share one network stack: one look is enough for them."""
    stallsim: str = __version__


class Read(Struct, frozen=True, kw_only=True):
    """What a share tells when it is asked."""

    at_s: float
    """By the worker's own clock, in seconds since 1970."""
    tally: HeldCount
    look: FleetLook | None
    """A look at the clients' ends; None: it was not asked for, or it is not to be had."""
    tcp_memory_bytes: int | None
    kernel_memory: KernelMemory | None
    """Of the connections' ends on the worker's machine; None: not asked for, or not to be had."""
    short: Short | None
    """What runs short on the worker's machine."""
    gone: int
    """Processes that have ended of themselves, and their clients with them."""


class Share:
    """Made on its worker; no two of its methods run at a time."""

    def __init__(self, begin: BeginOrder, index: int) -> None:
        """Raises StallsimError where the server is not to be stalled from here, EnvironmentUnfit.

        ``index`` is this worker's own: of it the loopback addresses are made that its clients have.
        """
        target, address = begin.target, parse_url(begin.target.url)
        if address.tls:
            tls_context(target)  # a file of certificates must be on this machine, too
        hosts = trio.run(lambda: resolve(address, allow_remote=target.allow_remote))
        self._begin, self._index = replace(begin, host=hosts[0]), index
        self._loopback = is_loopback(hosts[0])
        self._clients = HeldClients(LEASE_S)
        self._ends = ClientEnds(begin.port)
        self._memory_reader = KernelMemoryReader(hosts[0], begin.port)
        self._memory: KernelMemory | None = None
        self._memory_due_s = 0.0

    def about(self) -> About:
        """Which worker holds this share."""
        return About(host=socket.gethostname(), stack=network_stack())

    def open(self, counts: dict[str, int], rate_per_s: float) -> None:
        """So many more clients. Raises EnvironmentUnfit where this machine has not what they need."""
        check_black_hole(kind for kind, count in counts.items() if count)
        clients = self._clients.assigned + sum(counts.values())
        check_fleet(clients, self._begin.host, loopback=self._loopback)
        take_descriptors(clients)
        sources = tuple(
            sources_of(
                self._index * _PROCESSES_MAX + number,
                CLIENTS_A_PROCESS,
                self._begin.host,
                loopback=self._loopback,
            )
            for number in range(_PROCESSES_MAX)
        )
        self._clients.open(counts, rate_per_s, Begins(self._begin, sources))

    def wake(self, share: float) -> None:
        """Let this share of the parked clients read everything from now on."""
        self._clients.wake(share)

    def read(self, look: bool, memory: bool) -> Read:
        """Read everything now; with a look at the clients' ends, and with what the kernel has charged to
        them, where that is asked for.
        """
        tally = self._clients.tally()
        return Read(
            at_s=time.time(),
            tally=tally,
            look=self._ends.look() if look else None,
            tcp_memory_bytes=tcp_bytes(),
            kernel_memory=self._read_memory() if memory else None,
            short=running_short(tally),
            gone=self._clients.gone,
        )

    def end(self) -> None:
        """Abort every connection, and let everything go."""
        self._clients.end()
        self._ends.close()
        self._memory_reader.close()

    def _read_memory(self) -> KernelMemory | None:
        if time.monotonic() >= self._memory_due_s:
            self._memory = self._memory_reader.read()
            took_s = self._memory.took_s if self._memory is not None else 0.0
            self._memory_due_s = time.monotonic() + max(_MEMORY_EACH_S, took_s / _MEMORY_SHARE)
        return self._memory
