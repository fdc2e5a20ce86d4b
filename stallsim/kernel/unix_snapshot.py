"""Reads a connection over a unix socket once; fields that only TCP has are 0.

Bytes that the server writes are at once in the client's receive queue, so the kernel holds no others. The
field for TCP's window contains the room in the server's send buffer.
"""

import socket
import time
from collections.abc import Callable

from .diag_socket import DiagSocket, SocketId, TcpState, Timer
from .queues import receive_queue, socket_memory
from .snapshot import BothEnds, ReceiverReading
from .tcp_info import TcpInfo
from .unix_diag import UnixDiag, inode_of

_NO_TCP = TcpInfo._make([0] * len(TcpInfo._fields))


class UnixReader:
    """Takes snapshots of one connection; an end that is gone keeps its last numbers.

    ``taken``: returns the bytes that the client has read. ``diag``: None if the kernel cannot be asked.
    """

    def __init__(self, sock: socket.socket, taken: Callable[[], int], diag: UnixDiag | None) -> None:
        self._sock, self._taken, self._diag = sock, taken, diag
        self._inode = inode_of(sock)
        self._received, self._received_at_s = 0, time.monotonic()
        self.peer: DiagSocket | None = None
        """Always None, since there is no TCP."""
        self.last = self.read()

    @property
    def visible(self) -> bool:
        """Whether the server's end can be read."""
        return self._diag is not None

    def read(self) -> BothEnds:
        """Read both ends now."""
        if self._sock.fileno() < 0:
            self.last = self.last._replace(peer=None)
            return self.last
        rcvq, now_s, peer = receive_queue(self._sock), time.monotonic(), self._server_end()
        received = self._taken() + rcvq
        if received != self._received:
            self._received, self._received_at_s = received, now_s
        open_ = self._diag is None or peer is not None
        info = _NO_TCP._replace(
            state=TcpState.ESTABLISHED if open_ else TcpState.CLOSE_WAIT,
            last_data_recv=round(1000 * (now_s - self._received_at_s)),
            bytes_received=received,
        )
        room = None if self._diag is None or peer is None else self._diag.send_room(peer.inode)
        self.last = BothEnds(ReceiverReading(info, rcvq, socket_memory(self._sock)), room, peer)
        return self.last

    def _server_end(self) -> DiagSocket | None:
        """The server's end; the kernel reports only its existence and its inode."""
        inode = None if self._diag is None else self._diag.peer_of(self._inode)
        if inode is None:
            return None
        return DiagSocket(
            state=TcpState.ESTABLISHED,
            timer=Timer.OFF,
            retrans=0,
            expires=0,
            rqueue=0,
            wqueue=0,
            uid=0,
            inode=inode,
            info=None,
            memory=None,
            congestion=None,
            id=SocketId(socket.AF_UNIX, 0, 0, b"", b"", 0),
        )
