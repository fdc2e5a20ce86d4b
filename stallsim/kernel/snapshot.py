"""One connection, read once: each end through its own descriptor, or through ``sock_diag``.

Whoever looks at a connection (a run, a probe, the API) takes one snapshot a look and draws every number
from it, so that no two views of the same moment can differ.
"""

import socket
from typing import NamedTuple

from .diag_socket import DiagSocket
from .queues import SocketMemory, receive_queue, send_queue, socket_memory
from .sock_diag import Address, SockDiag
from .tcp_info import TcpInfo, read_tcp_info, read_with_receive_window


class ReceiverReading(NamedTuple):
    """The end that is sent to, read through its own descriptor."""

    info: TcpInfo
    rcvq_bytes: int
    """SIOCINQ: received and not read."""
    memory: SocketMemory


def read_receiver(sock: socket.socket, info: TcpInfo | None = None) -> ReceiverReading:
    """``info``: where it has just been read. Raises OSError when the socket is closed.

    What waits to be read is charged to the socket (``skb_set_owner_r``): where nothing is, nothing waits,
    and how much need not be asked.
    """
    info, memory = info or read_tcp_info(sock), socket_memory(sock)
    return ReceiverReading(info, receive_queue(sock) if memory.rmem_alloc else 0, memory)


class SenderQueue(NamedTuple):
    """The end that sends, beside its TCP_INFO."""

    outq_bytes: int
    """SIOCOUTQ: written and not acknowledged."""
    memory: SocketMemory


def read_sender_queue(sock: socket.socket, info: TcpInfo) -> SenderQueue:
    """``info`` has just been read: what is neither on its way nor unsent is in no queue."""
    waits = info.unacked or info.notsent_bytes
    return SenderQueue(send_queue(sock) if waits else 0, socket_memory(sock))


class BothEnds(NamedTuple):
    """Both ends of a connection to somebody's server, seen from the client's end."""

    own: ReceiverReading
    rcv_wnd_bytes: int | None
    """tcpi_rcv_wnd: what this end last allowed the peer to send; None before Linux 6.2."""
    peer: DiagSocket | None
    """The server's end; None where the kernel knows of none (any more), or cannot be asked."""


class ConnectionReader:
    """Takes snapshots of one connection; what is gone keeps its last numbers.

    ``diag``: None where the server's end is not on this machine. At about 20 us a snapshot.
    """

    def __init__(self, sock: socket.socket, local: Address, remote: Address, diag: SockDiag | None) -> None:
        self._sock, self._local, self._remote, self._diag = sock, local, remote, diag
        self.last = self._both_ends()
        self.peer: DiagSocket | None = None
        """The server's end as it was when it was last seen whole."""
        self._remember()

    @property
    def visible(self) -> bool:
        """Whether the server's end can be asked about."""
        return self._diag is not None

    def read(self) -> BothEnds:
        """Both ends, now."""
        if self._sock.fileno() >= 0:
            self.last = self._both_ends()
        else:
            self.last = self.last._replace(peer=self._peer())
        self._remember()
        return self.last

    def _both_ends(self) -> BothEnds:
        info, window = read_with_receive_window(self._sock)
        return BothEnds(read_receiver(self._sock, info), window, self._peer())

    def _peer(self) -> DiagSocket | None:
        return None if self._diag is None else self._diag.lookup(self._remote, self._local)

    def _remember(self) -> None:
        peer = self.last.peer
        if peer is not None and peer.info is not None:
            self.peer = peer
