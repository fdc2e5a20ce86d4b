"""What both kernels have of one connection, read at one moment, and whether that is a stall."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from ..errors import Unavailable
from ..kernel.queues import receive_queue
from ..kernel.sock_diag import SockDiag
from ..kernel.tcp_info import read_tcp_info, receive_window
from ..probing.client.connection import Connection


class Queues(Struct, frozen=True, kw_only=True):
    """A snapshot; bytes are TCP payload. None: the server's end cannot be seen, or is gone."""

    received_bytes: int
    """What the client's kernel has been given since the connection's beginning."""
    rcvq_bytes: int
    """Of it, unread."""
    rcv_wnd_bytes: int | None
    """What the client's kernel allows the server to send; None before Linux 6.2, too."""
    mss_bytes: int
    """A segment of this connection."""
    server_state: str | None
    """The server's end of TCP: ``ESTABLISHED``, ``FIN_WAIT1``..."""
    outq_bytes: int | None
    """In the server's send queue, not acknowledged."""
    notsent_bytes: int | None
    """Of it, never sent: the window does not allow it."""
    snd_wnd_bytes: int | None
    """The window as the server's kernel knows it."""

    @property
    def window_shut(self) -> bool:
        """Less than a segment fits, with bytes unread and, where that can be seen, more bytes waiting."""
        if not self.rcvq_bytes:
            return False
        if self.snd_wnd_bytes is not None and self.notsent_bytes is not None:
            in_flight = (self.outq_bytes or 0) - self.notsent_bytes
            return self.notsent_bytes > 0 and self.snd_wnd_bytes - in_flight < self.mss_bytes
        return self.rcv_wnd_bytes is not None and self.rcv_wnd_bytes < self.mss_bytes


class Kernels:
    """Reads one connection's snapshots; the last one stays when the connection is closed by us."""

    def __init__(self, connection: Connection, diag: SockDiag | None) -> None:
        self._connection, self._diag = connection, diag
        self._last = self._read()

    def read(self) -> Queues:
        """Both ends now, at about 20 us."""
        if self._connection.alive:
            self._last = self._read()
        return self._last

    def _read(self) -> Queues:
        sock = self._connection.sock
        own = read_tcp_info(sock)
        end = self._diag.lookup(self._connection.remote, self._connection.local) if self._diag else None
        info = end.info if end else None
        return Queues(
            received_bytes=own.bytes_received,
            rcvq_bytes=receive_queue(sock),
            rcv_wnd_bytes=receive_window(sock),
            mss_bytes=info.snd_mss if info else own.snd_mss,
            server_state=end.state.name if end else None,
            outq_bytes=end.wqueue if end else None,
            notsent_bytes=info.notsent_bytes if info else None,
            snd_wnd_bytes=info.snd_wnd if info else None,
        )


@contextmanager
def open_kernels(connection: Connection) -> Iterator[Kernels]:
    """Of both ends where the system tells of other sockets than our own."""
    try:
        diag = SockDiag()
    except Unavailable:
        yield Kernels(connection, None)
        return
    with diag:
        yield Kernels(connection, diag)
