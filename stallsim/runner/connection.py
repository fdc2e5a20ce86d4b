"""One connection, both of its ends in our hands: settling it, and reading all of its queues."""

import os
import time

from msgspec.structs import replace

from ..clients._base import ClientEnd
from ..kernel.options import flush_delayed_ack
from ..kernel.reading import read_sender
from ..kernel.tcp_info import TcpInfo, read_tcp_info
from ..sample import Refusal, Sample
from ..server.session import Session
from .observer import Observer

_SETTLE_SPINS = 20
_SETTLE_NAP_S = 0.0005
_SETTLE_ATTEMPTS = 10_000


class TimerFired(Exception):
    """A kernel timer changed the byte counts of a lockstep run, or held it up: the run is redone."""


class Connection:
    """A session, its client, and the counts at which both stood after the opening handshake."""

    def __init__(self, number: int, session: Session, end: ClientEnd, observer: Observer) -> None:
        self.number, self.session, self.end, self.observer = number, session, end, observer
        server, client = read_tcp_info(session.sock), read_tcp_info(end.sock)
        self._received_0, self._acked_0 = client.bytes_received, server.bytes_acked
        self._segments_down_0 = server.segs_out - client.segs_in
        self._segments_up_0 = client.segs_out - server.segs_in
        self._read_0, end.read_messages = end.read_bytes, 0
        self._counted = self._counts(server)
        self._received = client.bytes_received
        self._heard = self._heard_before = server.bytes_received

    @property
    def live(self) -> bool:
        """Whether both ends are open, so that the kernel can be asked about both."""
        return not self.session.ended and not self.end.closed

    def settle(self, acknowledged: bool) -> None:
        """Return when nothing is in flight and, if asked for, everything received is acknowledged.

        The client's kernel may hold an acknowledgement back for 40 ms (RFC 9293 3.8.6.3); it is
        asked to send it now, and where it will not (unread data, less than a segment), waited for.
        Before the client has had its turn that would be a wait for nothing: reading sends it.
        Raises TimerFired after 5 s.
        """
        if not self.live:
            return
        for attempt in range(_SETTLE_ATTEMPTS):
            flush_delayed_ack(self.end.sock)
            server, client = read_tcp_info(self.session.sock), read_tcp_info(self.end.sock)
            if self.end.black_holed or self._at_rest(server, client, acknowledged):
                self._counted = self._counts(server)
                self._received = client.bytes_received
                self._heard = server.bytes_received
                return
            if attempt < _SETTLE_SPINS:
                os.sched_yield()
            else:
                time.sleep(_SETTLE_NAP_S)
        raise TimerFired(f"connection {self.number} did not settle")

    @property
    def unread(self) -> bool:
        """Whether the client's kernel held something for it when the connection was last settled."""
        return self._received > self.end.read_bytes

    def hear(self, now: float) -> None:
        """Let the session read what the client has sent, if it has sent anything."""
        if self._heard != self._heard_before or not self.live:
            self._heard_before = self._heard
            self.session.receive(now)

    def _at_rest(self, server: TcpInfo, client: TcpInfo, acknowledged: bool) -> bool:
        received, acked = client.bytes_received - self._received_0, server.bytes_acked - self._acked_0
        return (
            server.segs_out - client.segs_in == self._segments_down_0
            and client.segs_out - server.segs_in == self._segments_up_0
            and (acked == received or not acknowledged)
        )

    def check_undisturbed(self) -> None:
        """Raises TimerFired where the kernel has moved bytes since the connection was last settled."""
        if self.live and self._counts(read_tcp_info(self.session.sock)) != self._counted:
            raise TimerFired(f"a kernel timer moved bytes of connection {self.number}")

    def _counts(self, server: TcpInfo) -> tuple[int, ...]:
        """What decides how many bytes stand where; a mere probe or retransmission changes none of it.

        A retransmission timeout shrinks the congestion window, which matters while the window of a
        client that is gone still has room.
        """
        timeout = server.retransmits > 0 and server.snd_wnd > server.unacked * server.snd_mss
        return server.bytes_acked, server.notsent_bytes, server.snd_wnd, timeout

    def sample(self, tick: int, settled: bool) -> Sample:
        """All queues, now. Of a client that has closed, the last that its kernel said.

        ``settled`` False: whether anything arrives meanwhile is seen by reading twice.
        """
        session, end = self.session, self.end
        server, client = read_sender(session.sock), end.read_kernel()
        settled = settled or end.read_kernel().rcvq_bytes == client.rcvq_bytes
        info = server.info
        return Sample(
            tick=tick,
            connection=self.number,
            settled=settled,
            produced_bytes=session.produced_bytes,
            produced_messages=session.produced_messages,
            control_bytes=session.control_bytes,
            queue_bytes=session.queue_bytes,
            queue_messages=session.queue_messages,
            queue_capacity_bytes=session.queue_capacity_bytes,
            dropped_bytes=session.queue.dropped_bytes,
            dropped_messages=session.queue.dropped_messages,
            discarded_bytes=session.discarded_bytes,
            accepted_bytes=session.outbox.accepted_bytes,
            refusal=session.refusal,
            producer_waits=session.producer_waits,
            outq_bytes=server.outq_bytes,
            notsent_bytes=info.notsent_bytes,
            acked_bytes=info.bytes_acked - self._acked_0,
            snd_wnd_bytes=info.snd_wnd,
            snd_mss_bytes=info.snd_mss,
            rwnd_limited_us=info.rwnd_limited,
            retrans_segments=info.total_retrans,
            backoff=info.backoff,
            wmem_queued_bytes=server.memory.wmem_queued,
            sndbuf_bytes=server.memory.sndbuf,
            received_bytes=client.info.bytes_received - self._received_0,
            rcvq_bytes=client.rcvq_bytes,
            rmem_alloc_bytes=client.memory.rmem_alloc,
            rcvbuf_bytes=client.memory.rcvbuf,
            read_bytes=end.read_bytes - self._read_0,
            read_messages=end.read_messages,
            held_bytes=end.held_bytes,
        )

    def last_sample(self, tick: int) -> Sample:
        """After the end: the server has let go of what it held, and its kernel is asked no more."""
        session, last = self.session, self.observer.sample
        assert last is not None, "a connection is sampled at the tick at which it opens"
        return replace(
            last,
            tick=tick,
            settled=False,
            produced_bytes=session.produced_bytes,
            produced_messages=session.produced_messages,
            control_bytes=session.control_bytes,
            queue_bytes=0,
            queue_messages=0,
            queue_capacity_bytes=0,
            dropped_bytes=session.queue.dropped_bytes,
            dropped_messages=session.queue.dropped_messages,
            discarded_bytes=session.discarded_bytes,
            accepted_bytes=session.outbox.accepted_bytes,
            refusal=Refusal.NONE,
            producer_waits=False,
            outq_bytes=0,
            notsent_bytes=0,
            wmem_queued_bytes=0,
        )
