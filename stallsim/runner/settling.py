"""When a connection is at rest: nothing is in flight, and everything received is acknowledged."""

import os
import time

from ..clients import ClientEnd
from ..kernel.options import flush_delayed_ack
from ..kernel.queues import send_queue
from ..kernel.tcp_info import TcpInfo, read_tcp_info
from ..server.session import Session

_SPINS = 20
_NAP_S = 0.0005
_ATTEMPTS = 2_000


class NotSettled(Exception):
    """Bytes were under way for a second: the run is executed again."""


class Settling:
    """The last readings of both ends, and the counts at which they stood after the handshake."""

    def __init__(self, session: Session, end: ClientEnd) -> None:
        self._session, self._end = session, end
        flush_delayed_ack(end.sock)  # of a handshake's last words
        self.server, self.client = read_tcp_info(session.sock), read_tcp_info(end.sock)
        self.received_0 = self.client.bytes_received
        self.acked_0 = self.server.bytes_acked + send_queue(session.sock)
        self._read_bytes = end.read_bytes
        self.moved_unasked = 0
        """How often bytes have moved though nobody wrote or read. A persist timer that finds room for a
        part of a segment sends it, and the kernel counts nothing (tcp_write_wakeup)."""
        self._segments_down_0 = self.server.segs_out - self.client.segs_in
        self._segments_up_0 = self.client.segs_out - self.server.segs_in

    def settle(self, *, acknowledged: bool = True) -> None:
        """Return when nothing is in flight and, if asked for, everything received is acknowledged.

        On the machine's own stack the client's kernel may hold an acknowledgement back for 40 ms (RFC
        9293 3.8.6.3); it is asked to send it now, and where it will not (unread data, less than a
        segment), waited for. Before the client has had its turn that would be a wait for nothing:
        reading sends it. To a client that is gone everything is in flight for ever: it is only read.
        Raises NotSettled after 1 s.
        """
        for attempt in range(_ATTEMPTS):
            if (
                attempt or not acknowledged
            ):  # in a private stack nothing is held back, and it is at rest at once
                flush_delayed_ack(self._end.sock)
            server, client = read_tcp_info(self._session.sock), read_tcp_info(self._end.sock)
            if self._end.black_holed or (
                server.segs_out - client.segs_in == self._segments_down_0
                and client.segs_out - server.segs_in == self._segments_up_0
                and (not acknowledged or self._all_acknowledged(server, client))
            ):
                self.moved_unasked += self._went_through_a_shut_window(server)
                self.server, self.client, self._read_bytes = server, client, self._end.read_bytes
                return
            if attempt < _SPINS:
                os.sched_yield()
            else:
                time.sleep(_NAP_S)
        raise NotSettled

    @property
    def waits(self) -> bool:
        """Whether the server's kernel had bytes to send or to be acknowledged."""
        return bool(self.server.notsent_bytes or self.server.unacked)

    def look(self) -> None:
        """Read both ends anew. Since they were at rest nobody has acted."""
        before = self.server
        self.server, self.client = read_tcp_info(self._session.sock), read_tcp_info(self._end.sock)
        if not self._end.black_holed:
            self.moved_unasked += _moved(before) != _moved(self.server)

    def _went_through_a_shut_window(self, server: TcpInfo) -> bool:
        """What a window held back goes when the client reads; here it has gone, and the client did not."""
        last = self.server
        shut = last.notsent_bytes and not last.unacked and last.snd_wnd < last.snd_mss
        if not shut or self._end.black_holed or self._end.read_bytes != self._read_bytes:
            return False
        return bool(server.unacked) or (server.bytes_acked, server.snd_wnd) != (
            last.bytes_acked,
            last.snd_wnd,
        )

    def _all_acknowledged(self, server: TcpInfo, client: TcpInfo) -> bool:
        return server.bytes_acked - self.acked_0 == client.bytes_received - self.received_0


def _moved(info: TcpInfo) -> tuple[int, int, int]:
    """What changes where the server's kernel sends, or is told of more room."""
    return info.bytes_acked, info.notsent_bytes, info.snd_wnd
