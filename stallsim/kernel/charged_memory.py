"""What memory the kernel has charged to very many sockets: one dump, and a sum.

``sk_get_meminfo`` (net/core/sock.c) says of each how many bytes its received packets take (with what the
kernel needs around them), how many its unsent and unacknowledged ones take, and how many are reserved for
the next. These three are what the kernel counts for ``tcp_mem``. The socket itself is not in them.
"""

from collections.abc import Iterable
from typing import NamedTuple

from .diag_socket import MEMORY_ALONE, SKMEMINFO
from .sock_diag import CONNECTED, SockDiag
from .socket_rows import SocketRows

_RMEM_ALLOC_AT, _FWD_ALLOC_AT, _WMEM_QUEUED_AT = 0, 16, 20


class ChargedMemory(NamedTuple):
    """Of all sockets of a dump together."""

    sockets: int
    charged_bytes: int


class ChargedMemoryReader:
    """Sums up what one dump tells, at about a microsecond a socket."""

    def __init__(self) -> None:
        self._rows = SocketRows(
            (_RMEM_ALLOC_AT, "I"), (_FWD_ALLOC_AT, "i"), (_WMEM_QUEUED_AT, "I"), attribute=SKMEMINFO
        )

    def read(self, diag: SockDiag, own_port: int = 0, peer_port: int = 0) -> ChargedMemory:
        """Of the connections that ``diag`` tells of, with these ports; 0: any."""
        datagrams = diag.datagrams(own_port, CONNECTED, peer_port=peer_port, extensions=MEMORY_ALONE)
        return self.total(datagrams)

    def total(self, datagrams: Iterable[bytes]) -> ChargedMemory:
        """Of all sockets in these datagrams."""
        sockets = charged = 0
        for datagram in datagrams:
            for *_, received, reserved, queued in self._rows.read(datagram):
                sockets += 1
                charged += received + reserved + queued
        return ChargedMemory(sockets, charged)
