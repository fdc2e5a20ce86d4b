"""Reads a connection once: each end through its own descriptor, or through ``sock_diag``.

A run, a probe or the API takes one snapshot per look and derives every number from it, so that no two
views of one moment can differ.
"""

import socket
from typing import NamedTuple

from .diag_socket import DiagSocket
from .queues import SocketMemory, receive_queue, send_queue, socket_memory
from .sock_diag import Address, SockDiag
from .tcp_info import TcpInfo, read_tcp_info, read_with_receive_window


class ReceiverReading(NamedTuple):
    """A reading of the receiving end through its own descriptor."""

    info: TcpInfo
    rcvq_bytes: int
    """SIOCINQ: bytes received and not read."""
    memory: SocketMemory


def read_receiver(sock: socket.socket, info: TcpInfo | None = None) -> ReceiverReading:
    """Read the receiving end. ``info``: TCP_INFO, if it has just been read. Raises OSError if the socket
    is closed.
    """
    memory, unread = _memory_and_queue(sock)
    return ReceiverReading(info or read_tcp_info(sock), unread, memory)


def _memory_and_queue(sock: socket.socket) -> tuple[SocketMemory, int]:
    """The memory and the receive queue of a socket, which are read before its TCP_INFO: bytes that arrive
    between two of these calls are then counted as received, and never as unread without having been
    received.

    Bytes that wait to be read are charged to the socket (``skb_set_owner_r``). If nothing is charged,
    nothing waits, and the receive queue need not be read.
    """
    memory = socket_memory(sock)
    return memory, receive_queue(sock) if memory.rmem_alloc else 0


class SenderQueue(NamedTuple):
    """A reading of the sending end besides its TCP_INFO."""

    outq_bytes: int
    """SIOCOUTQ: bytes written and not acknowledged."""
    memory: SocketMemory


def read_sender_queue(sock: socket.socket, info: TcpInfo) -> SenderQueue:
    """Read the sending end. ``info`` has just been read: without unacknowledged and unsent bytes the queue
    is empty.
    """
    waits = info.unacked or info.notsent_bytes
    return SenderQueue(send_queue(sock) if waits else 0, socket_memory(sock))


class BothEnds(NamedTuple):
    """Both ends of a connection to a server, read from the client's machine."""

    own: ReceiverReading
    rcv_wnd_bytes: int | None
    """tcpi_rcv_wnd: the window that this end last announced; None before Linux 6.2."""
    peer: DiagSocket | None
    """The server's end; None if it does not exist (any more), or the kernel cannot be asked."""


class ConnectionReader:
    """Takes snapshots of one connection; an end that is gone keeps its last numbers.

    ``diag``: None if the server's end is not on this machine. A snapshot takes about 20 us.
    """

    def __init__(self, sock: socket.socket, local: Address, remote: Address, diag: SockDiag | None) -> None:
        self._sock, self._local, self._remote, self._diag = sock, local, remote, diag
        self.last = self._both_ends()
        self.peer: DiagSocket | None = None
        """The server's end at the last snapshot in which it had all its fields."""
        self._remember()

    @property
    def visible(self) -> bool:
        """Whether the server's end can be read."""
        return self._diag is not None

    def read(self) -> BothEnds:
        """Read both ends now."""
        if self._sock.fileno() >= 0:
            self.last = self._both_ends()
        else:
            self.last = self.last._replace(peer=self._peer())
        self._remember()
        return self.last

    def _both_ends(self) -> BothEnds:
        memory, unread = _memory_and_queue(self._sock)
        info, window = read_with_receive_window(self._sock)
        return BothEnds(ReceiverReading(info, unread, memory), window, self._peer())

    def _peer(self) -> DiagSocket | None:
        return None if self._diag is None else self._diag.lookup(self._remote, self._local)

    def _remember(self) -> None:
        peer = self.last.peer
        if peer is not None and peer.info is not None:
            self.peer = peer
