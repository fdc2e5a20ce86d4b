"""All queues of one connection at one moment: the only source of every number on screen.

Units are in the names; where a value is the kernel's, its field is named.
"""

from enum import Enum

from msgspec import Struct


class Refusal(Enum):
    """Why the server's kernel takes no more bytes just now."""

    NONE = ""
    EAGAIN = "eagain"
    """A write was refused, whole or in part."""
    NOT_WRITABLE = "not-writable"
    """epoll does not offer the write, so none was tried."""
    INFERRED = "inferred"
    """Seen from outside: the kernel of somebody's server has taken nothing more, while there was more."""


class Sample(Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    """All queues of one connection at one tick. Bytes are frame bytes on the wire, counted from the
    end of the opening handshake; control frames are counted in ``control_bytes`` and in no other
    produced count.

    Under TLS or permessage-deflate two sorts of bytes meet in the coder: frames as they were produced,
    up to ``sealed_bytes``, and what is on the wire, from ``wire_bytes`` down to the client's reads.
    """

    tick: int
    connection: int
    settled: bool
    """Nothing was in flight, so the counts below belong to one moment and must add up."""
    # the server's process
    open: bool
    """The opening handshake is complete."""
    produced_bytes: int
    produced_messages: int
    control_bytes: int
    queue_bytes: int
    """In the server's memory: what a policy's limit is on."""
    pending_bytes: int
    """Of these: out of the coder and not taken by the kernel; 0 where there is no coder."""
    queue_messages: int
    queue_capacity_bytes: int
    dropped_bytes: int
    dropped_messages: int
    evicted_messages: int
    """Of those dropped: had been queued (the older ones); the others were refused at the door."""
    discarded_bytes: int
    sealed_bytes: int
    """Of frames that were handed to the coder; without one, what the kernel took."""
    wire_bytes: int
    """What the coder made of them; without one, what the kernel took."""
    cut_bytes: int
    """Of ``wire_bytes``: thrown away at the end."""
    accepted_bytes: int
    """Taken by the server's kernel: the sum of what ``send`` returned."""
    refusal: Refusal
    producer_waits: bool
    # the server's kernel
    outq_bytes: int
    """SIOCOUTQ: not yet acknowledged, sent or not."""
    notsent_bytes: int
    """tcpi_notsent_bytes: of these, not yet sent."""
    acked_bytes: int
    snd_wnd_bytes: int
    """tcpi_snd_wnd: the window that the client's kernel last advertised."""
    snd_mss_bytes: int
    rwnd_limited_us: int
    retrans_segments: int
    """tcpi_total_retrans."""
    backoff: int
    wmem_queued_bytes: int
    """SO_MEMINFO: memory charged for the send queue, more than its payload."""
    sndbuf_bytes: int
    # the client's kernel
    received_bytes: int
    """tcpi_bytes_received."""
    rcvq_bytes: int
    """SIOCINQ: received, acknowledged or about to be, not read."""
    rmem_alloc_bytes: int
    rcvbuf_bytes: int
    # the client's process
    read_bytes: int
    read_messages: int
    missing_messages: int
    """Numbers that the client has seen to be absent between two messages that it read."""
    latency_us: int
    """The longest from making to reading, of the messages read since the sample before; -1: none."""
    held_bytes: int
    """Of ``read_bytes``: taken from the kernel, not yet seen by the application (a browser's pipe)."""
    rcv_wnd_bytes: int = -1
    """tcpi_rcv_wnd of the client's kernel: what it last allowed the server to send. Read where the server's
    kernel cannot be; else -1."""

    @property
    def unaccounted_bytes(self) -> int:
        """Bytes that a conservation law cannot place: 0 in every settled sample, or we have a bug.

        Above the coder: produced + control = application queue + dropped + discarded + sealed. In it:
        wire = pending + cut + accepted. Below it: received = client's receive queue + read.
        """
        above = self.produced_bytes + self.control_bytes - self.sealed_bytes - self.dropped_bytes
        above -= self.queue_bytes - self.pending_bytes + self.discarded_bytes
        within = self.wire_bytes - self.pending_bytes - self.cut_bytes - self.accepted_bytes
        below = self.received_bytes - self.rcvq_bytes - self.read_bytes
        return above + within + below or max(above, within, below)

    @property
    def inflight_bytes(self) -> int:
        """Sent and not acknowledged."""
        return self.outq_bytes - self.notsent_bytes

    @property
    def undelivered_bytes(self) -> int:
        """Sent by the server's kernel and not received by the client's."""
        return self.accepted_bytes - self.notsent_bytes - self.received_bytes

    @property
    def window_shut(self) -> bool:
        """The usable window is smaller than the next segment, and a segment waits (RFC 9293 3.8.6)."""
        return window_shut(self.snd_wnd_bytes, self.inflight_bytes, self.notsent_bytes, self.snd_mss_bytes)

    @property
    def backlog_bytes(self) -> int:
        """Everything between the producer and the client's application."""
        above = self.produced_bytes - self.sealed_bytes - self.dropped_bytes
        return above + self.wire_bytes - self.read_bytes + self.held_bytes


def window_shut(snd_wnd: int, inflight: int, notsent: int, snd_mss: int) -> bool:
    """The same of these four counts, in bytes, wherever they were read."""
    return notsent > 0 and snd_wnd - inflight < min(snd_mss, notsent)
