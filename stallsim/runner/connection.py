"""One connection, both of its ends in our hands: settling it, and reading all of its queues."""

import os
import time

from msgspec.structs import replace

from ..clients._base import ClientEnd
from ..kernel.options import flush_delayed_ack
from ..kernel.reading import read_sender
from ..kernel.tcp_info import TcpInfo, read_tcp_info
from ..server.session import Session
from ..timeline import Refusal, Sample
from .observer import Observer

_SETTLE_SPINS = 20
_SETTLE_NAP_S = 0.0005
_SETTLE_MAX_S = 5.0


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
        self._settled = self._counts(server)

    @property
    def live(self) -> bool:
        """Whether both ends are open, so that the kernel can be asked about both."""
        return not self.session.ended and not self.end.closed

    def settle(self) -> None:
        """Return when nothing is in flight and everything received is acknowledged.

        The client's kernel may hold an acknowledgement back for 40 ms (RFC 9293 3.8.6.3); it is
        asked to send it now, and where it will not (unread data, less than a segment), waited for.
        Raises TimerFired after 5 s.
        """
        if not self.live or self.end.black_holed:
            return
        for attempt in range(10**9):
            flush_delayed_ack(self.end.sock)
            server, client = read_tcp_info(self.session.sock), read_tcp_info(self.end.sock)
            if self._nothing_in_flight(server, client):
                break
            if attempt < _SETTLE_SPINS:
                os.sched_yield()
            elif (attempt - _SETTLE_SPINS) * _SETTLE_NAP_S < _SETTLE_MAX_S:
                time.sleep(_SETTLE_NAP_S)
            else:
                raise TimerFired(f"connection {self.number} did not settle")

    def _nothing_in_flight(self, server: TcpInfo, client: TcpInfo) -> bool:
        return (
            server.segs_out - client.segs_in == self._segments_down_0
            and client.segs_out - server.segs_in == self._segments_up_0
            and server.bytes_acked - self._acked_0 == client.bytes_received - self._received_0
        )

    def begin_step(self) -> None:
        """Raises TimerFired where the kernel has moved bytes while nobody acted."""
        if self.live and self._counts(read_tcp_info(self.session.sock)) != self._settled:
            raise TimerFired(f"a kernel timer moved bytes of connection {self.number}")

    def end_step(self) -> None:
        """Settle, and remember what a timer must not change."""
        self.settle()
        if self.live:
            self._settled = self._counts(read_tcp_info(self.session.sock))

    def _counts(self, server: TcpInfo) -> tuple[int, ...]:
        """What decides how many bytes stand where; a mere probe or retransmission changes none of it.

        A retransmission timeout shrinks the congestion window, which matters while the window of a
        client that is gone still has room.
        """
        timeout = server.retransmits > 0 and server.snd_wnd > server.unacked * server.snd_mss
        return server.bytes_acked, server.notsent_bytes, server.snd_wnd, timeout

    def sample(self, tick: int) -> Sample:
        """All queues, now. Once an end is closed, its kernel's numbers are the last that were read."""
        session, end = self.session, self.end
        last = self.observer.sample
        if session.ended and last is not None:
            return self._final(tick, last)
        server = read_sender(session.sock)
        client = end.read_kernel()
        info = server.info
        return Sample(
            tick=tick,
            connection=self.number,
            settled=client.quiet,
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

    def _final(self, tick: int, last: Sample) -> Sample:
        """After the end: the server's kernel has let go of what it held."""
        session, end = self.session, self.end
        client = end.read_kernel()
        return replace(
            last,
            tick=tick,
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
            settled=False,
        )
