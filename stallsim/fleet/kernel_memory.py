"""What the kernel has charged to both ends of a fleet's connections, as far as they are on this machine.

Read once for each size of the fleet, at the end of the look at the witnesses: the looks before read no
memory, since these are two dumps more, and the clients' ends are in one of them.
"""

import time
from contextlib import ExitStack

from ..errors import Unavailable
from ..kernel.charged_memory import ChargedMemoryReader
from ..kernel.diag_filter import of_own_end, of_peer_end
from ..kernel.sock_diag import SockDiag
from ..timeline.fleet.looks import ChargedEnds, KernelMemory


class KernelMemoryReader:
    """Of all connections to one server: the kernel compares address and port. Close it."""

    def __init__(self, host: str, port: int) -> None:
        """``host``: numeric. Where the kernel does not tell of sockets, nothing is read."""
        self._port, self._reader, self._open = port, ChargedMemoryReader(), ExitStack()
        try:
            self._server: SockDiag | None = self._open.enter_context(SockDiag(of_own_end(host, port)))
            self._clients: SockDiag | None = self._open.enter_context(SockDiag(of_peer_end(host, port)))
        except Unavailable:
            self._server = self._clients = None

    def read(self) -> KernelMemory | None:
        """Now, at some 4 us a client where both ends are here."""
        if self._server is None or self._clients is None:
            return None
        began_s = time.perf_counter()
        clients = self._reader.read(self._clients, peer_port=self._port)
        server = self._reader.read(self._server, own_port=self._port)
        return KernelMemory(
            clients=ChargedEnds(*clients),
            server=ChargedEnds(*server) if server.sockets else None,
            took_s=round(time.perf_counter() - began_s, 6),
        )

    def close(self) -> None:
        """Give the descriptors back."""
        self._open.close()
