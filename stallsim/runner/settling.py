"""Waits until a connection is at rest: nothing is in flight, and everything received is acknowledged."""

import os
import time

from ..clients import ClientEnd
from ..kernel.options import flush_delayed_ack, notsent_lowat
from ..kernel.queues import send_queue, socket_memory
from ..kernel.tcp_info import TcpInfo, read_tcp_info
from ..server.session import Session

_SPINS = 20
_NAP_S = 0.0005
_ATTEMPTS = 2_000
_CLOCK_TICK_S = 0.01
"""Seconds; the resolution of the kernel's clock (CONFIG_HZ=100)."""


class NotSettled(Exception):
    """Bytes were in flight for a second, so the run is executed again."""


class Settling:
    """The last readings of both ends, and their counts after the handshake."""

    def __init__(self, session: Session, end: ClientEnd) -> None:
        self._session, self._end = session, end
        self._await_acknowledgement()
        self.server, self.client = read_tcp_info(session.sock), read_tcp_info(end.sock)
        self.received_0 = self.client.bytes_received
        self.acked_0 = self.server.bytes_acked + send_queue(session.sock)
        self.held_up = 0
        """How often enough time has passed for the kernels to act by their clocks, without a counter."""
        self.short = False
        """Whether a kernel was short of memory, the machine's or its cgroup's: the client's has lowered the
        largest window that it announces (tcp_adjust_rcv_ssthresh, net/ipv4/tcp_input.c), or the server's
        has refused bytes for which the send buffer had room.
        """
        self.moves = 0
        """A counter that is unchanged while no segment has been sent or received."""
        now_s = time.perf_counter()
        self._idle_s, self._arrived_s = now_s, _arrived_s(self.client, now_s)
        """When the server's persist timer was last known to be off, and when data last arrived."""
        self._segments_down_0 = self.server.segs_out - self.client.segs_in
        self._segments_up_0 = self.client.segs_out - self.server.segs_in

    def settle(self, *, acknowledged: bool = True) -> None:
        """Return when nothing is in flight and, if asked for, everything received is acknowledged.

        On the machine's own stack, the client's kernel may delay an acknowledgement by 40 ms (RFC 9293
        3.8.6.3). It is asked to send the acknowledgement now; if it does not (unread data, less than a
        segment), this method waits. Before the client's turn that would be useless, since reading sends
        the acknowledgement. To a client that is gone everything stays in flight, so both ends are only
        read. Raises NotSettled after 1 s.
        """
        for attempt in range(_ATTEMPTS):
            if (
                attempt or not acknowledged
            ):  # in a private stack no acknowledgement is delayed, and the connection is at rest at once
                flush_delayed_ack(self._end.sock)
            server, client = read_tcp_info(self._session.sock), read_tcp_info(self._end.sock)
            if self._end.black_holed or (
                server.segs_out - client.segs_in == self._segments_down_0
                and client.segs_out - server.segs_in == self._segments_up_0
                and (not acknowledged or self._all_acknowledged(server, client))
            ):
                self._note(server, client)
                return
            _pause(attempt)
        raise NotSettled

    def _await_acknowledgement(self) -> None:
        """Wait until the last bytes of a handshake are acknowledged. An acknowledgement that is under way
        (a busy machine's ksoftirqd still has it) would be missing in the counts with which all later
        ones are compared.
        """
        for attempt in range(_ATTEMPTS):
            flush_delayed_ack(self._end.sock)
            if self._end.black_holed or not send_queue(self._session.sock):
                return
            _pause(attempt)

    @property
    def waits(self) -> bool:
        """Whether the server's kernel had unsent or unacknowledged bytes."""
        return bool(self.server.notsent_bytes or self.server.unacked)

    def look(self) -> None:
        """Read what may have changed. Neither end has acted since both were at rest. So a kernel can have
        acted only by its clock, with a segment that the server's end has sent or received.
        """
        server = read_tcp_info(self._session.sock)
        self._note(server, read_tcp_info(self._end.sock) if _moved(self.server, server) else self.client)

    def note_refusal(self) -> None:
        """Note that the server's kernel, at rest, has just refused to take any byte. It does so if the send
        buffer is full or too many bytes are unsent (sk_stream_memory_free, include/net/sock.h), and else
        only if it gets no memory.
        """
        memory = socket_memory(self._session.sock)
        if memory.wmem_queued < memory.sndbuf:
            unsent = read_tcp_info(self._session.sock).notsent_bytes
            self.short = self.short or unsent < notsent_lowat(self._session.sock)

    def _note(self, server: TcpInfo, client: TcpInfo) -> None:
        """Keep two readings at rest, and note what the kernels may have done between them by their clocks.

        Three things that no counter shows; each takes a retransmission timeout (RTO) at least:
        - The persist timer, which runs while bytes wait and none is under way, finds room for a part of a
          segment and sends that (tcp_write_wakeup).
        - Data after a pause is acknowledged segment by segment (tcp_event_data_recv).
        - A congestion window that was not used shrinks (RFC 2861); without a loss nothing else does it.
        """
        now_s, last = time.perf_counter(), self.server
        rto_s = min(last.rto, server.rto, self.client.rto, client.rto) / 1e6 - _CLOCK_TICK_S
        held_up = now_s - self._idle_s > rto_s or server.snd_cwnd < last.snd_cwnd
        if server.unacked or not server.notsent_bytes:
            self._idle_s = now_s
        if client.bytes_received != self.client.bytes_received:
            arrived_s = _arrived_s(client, now_s)
            held_up = held_up or arrived_s - self._arrived_s > rto_s
            self._arrived_s = arrived_s
        self.held_up += held_up and not self._end.black_holed
        self.short = self.short or client.rcv_ssthresh < self.client.rcv_ssthresh
        self.moves += client is not self.client
        self.server, self.client = server, client

    def _all_acknowledged(self, server: TcpInfo, client: TcpInfo) -> bool:
        return server.bytes_acked - self.acked_0 == client.bytes_received - self.received_0


def _pause(attempt: int) -> None:
    """Let the kernel work, at first without any delay."""
    if attempt < _SPINS:
        os.sched_yield()
    else:
        time.sleep(_NAP_S)


def _moved(before: TcpInfo, now: TcpInfo) -> bool:
    return now.segs_out != before.segs_out or now.segs_in != before.segs_in


def _arrived_s(info: TcpInfo, now_s: float) -> float:
    return now_s - info.last_data_recv / 1000
