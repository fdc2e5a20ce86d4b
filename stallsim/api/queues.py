"""Reads both kernels' queues of one connection at one moment, and decides whether it is stalled."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from ..errors import Unavailable
from ..kernel.sock_diag import SockDiag
from ..probing.client.stream_client import StreamClient
from ..probing.observe.connection_reading import ConnectionReading
from ..probing.observe.server_view import ServerView, open_server_view
from ..timeline.sample import Refusal, Sample
from ..verdict.stall import Confirmation


class Queues(Struct, frozen=True, kw_only=True):
    """A snapshot; bytes are TCP payload. None: the server's end cannot be read, or is gone."""

    received_bytes: int
    """Bytes that the client's kernel has received since the connection's beginning."""
    rcvq_bytes: int
    """Received bytes that the client has not read."""
    rcv_wnd_bytes: int | None
    """The window that the client's kernel announces; also None before Linux 6.2."""
    mss_bytes: int
    """The payload of a full segment of this connection, in bytes."""
    server_state: str | None
    """The server's end of TCP: ``ESTABLISHED``, ``FIN_WAIT1``..."""
    outq_bytes: int | None
    """Unacknowledged bytes in the server's send queue."""
    notsent_bytes: int | None
    """The part of ``outq_bytes`` that was never sent, since the window does not allow it."""
    snd_wnd_bytes: int | None
    """The window as the server's kernel knows it."""

    @property
    def window_shut(self) -> bool:
        """Whether the window has no room for a segment while bytes are unread and, if that can be read,
        more wait.
        """
        if not self.rcvq_bytes:
            return False
        if self.snd_wnd_bytes is not None and self.notsent_bytes is not None:
            in_flight = (self.outq_bytes or 0) - self.notsent_bytes
            return self.notsent_bytes > 0 and self.snd_wnd_bytes - in_flight < self.mss_bytes
        return self.rcv_wnd_bytes is not None and self.rcv_wnd_bytes < self.mss_bytes


class Kernels:
    """Reads one connection's snapshots; after this client has closed it, the last snapshot stays."""

    def __init__(self, stream_client: StreamClient, view: ServerView) -> None:
        self._stream_client = stream_client
        self._reading = ConnectionReading(stream_client, view, stalled=True)
        self._confirmation, self._before = Confirmation(), self._sample()

    def read(self) -> Queues:
        """Read both ends now, in about 20 us."""
        if self._stream_client.connection.alive:
            self._reading.read()
        return self._queues()

    def look_for_a_stall(self) -> bool:
        """Look once more: whether the kernel confirms a stall, by the rule of a run (``verdict.stall``)."""
        self.read()
        before, self._before = self._before, self._sample()
        self._confirmation.look(before, self._before)
        return self._confirmation.stalled

    def _sample(self) -> Sample:
        return self._reading.sample(0, 0, 0, Refusal.NONE, 0)

    def _queues(self) -> Queues:
        own, end = self._reading.own, self._reading.server
        info = end.info if end else None
        return Queues(
            received_bytes=own.info.bytes_received,
            rcvq_bytes=own.rcvq_bytes,
            rcv_wnd_bytes=self._reading.rcv_wnd_bytes,
            mss_bytes=info.snd_mss if info else own.info.snd_mss,
            server_state=end.state.name if end else None,
            outq_bytes=end.wqueue if end else None,
            notsent_bytes=info.notsent_bytes if info else None,
            snd_wnd_bytes=info.snd_wnd if info else None,
        )


@contextmanager
def open_kernels(stream_client: StreamClient) -> Iterator[Kernels]:
    """The kernels of both ends, if the system allows reading other processes' sockets."""
    if stream_client.connection.is_unix:
        with open_server_view(stream_client.connection, None, None) as view:
            yield Kernels(stream_client, view)
        return
    try:
        diag = SockDiag()
    except Unavailable:
        yield Kernels(stream_client, ServerView())
        return
    with diag:
        connection = stream_client.connection
        here = diag.lookup(connection.remote, connection.local) is not None
        yield Kernels(stream_client, ServerView(diag=diag if here else None))
