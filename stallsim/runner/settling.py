"""When a connection is at rest, and whether a kernel timer has moved it since (docs/determinism.md)."""

import os
import time

from ..clients._base import ClientEnd
from ..kernel.options import flush_delayed_ack
from ..kernel.queues import send_queue
from ..kernel.sysctl import RTO_MIN, sysctl_path
from ..kernel.tcp_info import TcpInfo, read_tcp_info
from ..profile.scenario import Pace
from ..server.session import Session

_SPINS = 20
_NAP_S = 0.0005
_ATTEMPTS = 2_000
_OUT_OF_REACH_US = 60_000_000


def timers_out_of_reach(pace: Pace) -> dict[str, int]:
    """What a private stack is set to so that no timer moves a byte of a lockstep run, however slow.

    The persist timer counts from the retransmission timeout (tcp_probe0_base in net/tcp.h), and that
    is never less than ``tcp_rto_min_us`` (Linux >= 6.11). In realtime the timers are what it is about.
    """
    wanted = pace is Pace.LOCKSTEP and sysctl_path(RTO_MIN).exists()
    return {RTO_MIN: _OUT_OF_REACH_US} if wanted else {}


class TimerFired(Exception):
    """A kernel timer changed the byte counts of a lockstep run, or held it up: the run is redone."""


class Settling:
    """The last readings of both ends, and the counts at which they stood after the handshake."""

    def __init__(self, session: Session, end: ClientEnd) -> None:
        self._session, self._end = session, end
        flush_delayed_ack(end.sock)  # of a handshake's last words
        self.server, self.client = read_tcp_info(session.sock), read_tcp_info(end.sock)
        self.received_0 = self.client.bytes_received
        self.acked_0 = self.server.bytes_acked + send_queue(session.sock)
        self._read_bytes = end.read_bytes
        self._segments_down_0 = self.server.segs_out - self.client.segs_in
        self._segments_up_0 = self.client.segs_out - self.server.segs_in

    def settle(self, *, acknowledged: bool = True) -> None:
        """Return when nothing is in flight and, if asked for, everything received is acknowledged.

        The client's kernel may hold an acknowledgement back for 40 ms (RFC 9293 3.8.6.3); it is
        asked to send it now, and where it will not (unread data, less than a segment), waited for.
        Before the client has had its turn that would be a wait for nothing: reading sends it.
        To a client that is gone everything is in flight for ever: it is only read.
        Raises TimerFired after 1 s, and where a timer has moved bytes meanwhile.
        """
        for attempt in range(_ATTEMPTS):
            flush_delayed_ack(self._end.sock)
            server, client = read_tcp_info(self._session.sock), read_tcp_info(self._end.sock)
            if self._end.black_holed or (
                server.segs_out - client.segs_in == self._segments_down_0
                and client.segs_out - server.segs_in == self._segments_up_0
                and (not acknowledged or self._all_acknowledged(server, client))
            ):
                self._check_shut(server)
                self.server, self.client, self._read_bytes = server, client, self._end.read_bytes
                return
            if attempt < _SPINS:
                os.sched_yield()
            else:
                time.sleep(_NAP_S)
        raise TimerFired("a connection did not settle")

    def _check_shut(self, server: TcpInfo) -> None:
        """What a window held back goes when the client reads; else it was a timer. Raises TimerFired."""
        last = self.server
        shut = last.notsent_bytes and not last.unacked and last.snd_wnd < last.snd_mss
        if not shut or self._end.black_holed or self._end.read_bytes != self._read_bytes:
            return
        if server.unacked or (server.bytes_acked, server.snd_wnd) != (last.bytes_acked, last.snd_wnd):
            raise TimerFired("a kernel timer moved bytes within a step")

    def _all_acknowledged(self, server: TcpInfo, client: TcpInfo) -> bool:
        return server.bytes_acked - self.acked_0 == client.bytes_received - self.received_0

    def check_undisturbed(self) -> None:
        """Raises TimerFired where the kernel has moved bytes since the last reading."""
        last = self.server
        if not (last.notsent_bytes or last.unacked):
            return  # no timer runs where nothing waits to be sent or acknowledged
        server = read_tcp_info(self._session.sock)
        self.server = server
        if self._end.black_holed:
            return  # retransmissions are what it is about; whether they move bytes, the ledger says
        if (
            server.bytes_acked != last.bytes_acked
            or server.notsent_bytes != last.notsent_bytes
            or server.snd_wnd != last.snd_wnd
        ):
            raise TimerFired("a kernel timer moved bytes")
