"""Makes samples of a run's connection, of which stallsim holds both ends."""

from typing import NamedTuple

from msgspec.structs import replace

from ..clients import ClientEnd
from ..kernel.snapshot import ReceiverReading, SenderQueue, read_receiver
from ..kernel.tcp_info import TcpInfo
from ..server.session import Session
from ..timeline.sample import Refusal, Sample


class Counts(NamedTuple):
    """The counts of both kernels after the opening handshake."""

    received: int
    acked: int


class SampleMaker:
    """Combines the readings of the server's process, its kernel, the client's kernel and the client's
    process. In a run, only this class fills the fields of a sample.
    """

    def __init__(self, number: int, session: Session, end: ClientEnd, begun: Counts) -> None:
        self._number, self._session, self._end = number, session, end
        self._begun = begun

    def make(
        self,
        tick: int,
        settled: bool,
        info: TcpInfo,
        sent: SenderQueue,
        client: ReceiverReading,
        late_us: int,
    ) -> Sample:
        """A sample of these readings of the kernels and of the current state of both processes."""
        session, end, sending = self._session, self._end, self._session.sending
        coder, queue, accepted = sending.coder, sending.queue, sending.outbox.accepted_bytes
        queue_bytes = queue.total_bytes
        return Sample(
            tick=tick,
            connection=self._number,
            settled=settled,
            open=session.open,
            produced_bytes=sending.produced_bytes,
            produced_messages=sending.produced_messages,
            control_bytes=sending.control_bytes,
            queue_bytes=queue_bytes,
            pending_bytes=sending.outbox.unsent_bytes if coder else 0,
            queue_messages=queue.total_messages,
            queue_capacity_bytes=sending.policy.capacity_bytes(queue_bytes),
            dropped_bytes=queue.dropped_bytes,
            dropped_messages=queue.dropped_messages,
            evicted_messages=queue.evicted_messages,
            discarded_bytes=sending.discarded_bytes,
            sealed_bytes=coder.sealed_bytes if coder else accepted,
            wire_bytes=coder.wire_bytes if coder else accepted,
            cut_bytes=sending.cut_bytes,
            accepted_bytes=accepted,
            refusal=sending.refusal,
            producer_waits=sending.producer_waits,
            outq_bytes=sent.outq_bytes,
            notsent_bytes=info.notsent_bytes,
            acked_bytes=info.bytes_acked - self._begun.acked,
            snd_wnd_bytes=info.snd_wnd,
            snd_mss_bytes=info.snd_mss,
            rwnd_limited_us=info.rwnd_limited,
            retrans_segments=info.total_retrans,
            backoff=info.backoff,
            wmem_queued_bytes=sent.memory.wmem_queued,
            sndbuf_bytes=sent.memory.sndbuf,
            received_bytes=client.info.bytes_received - self._begun.received,
            rcvq_bytes=client.rcvq_bytes,
            rmem_alloc_bytes=client.memory.rmem_alloc,
            rcvbuf_bytes=client.memory.rcvbuf,
            read_bytes=end.read_bytes,
            read_messages=end.inbox.messages,
            missing_messages=end.inbox.missing_messages,
            latency_us=end.inbox.look(),
            held_bytes=end.held_bytes,
            late_us=late_us,
        )

    def make_last(self, tick: int, last: Sample) -> Sample:
        """The last sample, after the end: the server has released its queues, and its kernel is no longer
        read.

        ``last``: the sample before.
        """
        sending, end = self._session.sending, self._end
        coder, accepted = sending.coder, sending.outbox.accepted_bytes
        info, rcvq, _ = end.reading or read_receiver(end.sock)
        received = info.bytes_received - self._begun.received  # a FIN counts as one (RFC 9293 3.4)
        return replace(
            last,
            tick=tick,
            produced_bytes=sending.produced_bytes,
            produced_messages=sending.produced_messages,
            control_bytes=sending.control_bytes,
            queue_bytes=0,
            pending_bytes=0,
            queue_messages=0,
            queue_capacity_bytes=0,
            dropped_bytes=sending.queue.dropped_bytes,
            dropped_messages=sending.queue.dropped_messages,
            evicted_messages=sending.queue.evicted_messages,
            discarded_bytes=sending.discarded_bytes,
            sealed_bytes=coder.sealed_bytes if coder else accepted,
            wire_bytes=coder.wire_bytes if coder else accepted,
            cut_bytes=sending.cut_bytes,
            accepted_bytes=accepted,
            received_bytes=min(received, accepted),
            rcvq_bytes=rcvq,
            read_bytes=end.read_bytes,
            read_messages=end.inbox.messages,
            missing_messages=end.inbox.missing_messages,
            latency_us=end.inbox.look(),
            held_bytes=end.held_bytes,
            refusal=Refusal.NONE,
            producer_waits=False,
            outq_bytes=0,
            notsent_bytes=0,
            snd_wnd_bytes=0,
            wmem_queued_bytes=0,
        )
