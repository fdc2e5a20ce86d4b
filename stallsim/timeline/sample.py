"""All queues of one connection at one moment: the only source of every number on screen.

Units are in the names; where a value is the kernel's, its field is named.
"""

from enum import Enum
from typing import Annotated, Any

from msgspec import Meta, Struct

_MOST = 2**53
"""Beyond it no double is exact, and no kernel counts so much."""
Count = Annotated[int, Meta(ge=0, le=_MOST)]


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

    tick: Count
    connection: Count
    settled: bool
    """Nothing was in flight, so the counts below belong to one moment and must add up."""
    # the server's process
    open: bool
    """The opening handshake is complete."""
    produced_bytes: Count
    produced_messages: Count
    control_bytes: Count
    queue_bytes: Count
    """In the server's memory: what a policy's limit is on."""
    pending_bytes: Count
    """Of these: out of the coder and not taken by the kernel; 0 where there is no coder."""
    queue_messages: Count
    queue_capacity_bytes: Count
    dropped_bytes: Count
    dropped_messages: Count
    evicted_messages: Count
    """Of those dropped: had been queued; the policy has queued none of the others."""
    discarded_bytes: Count
    sealed_bytes: Count
    """Of frames that were handed to the coder; without one, what the kernel took."""
    wire_bytes: Count
    """What the coder made of them; without one, what the kernel took."""
    cut_bytes: Count
    """Of ``wire_bytes``: thrown away at the end."""
    accepted_bytes: Count
    """Taken by the server's kernel: the sum of what ``send`` returned."""
    refusal: Refusal
    producer_waits: bool
    # the server's kernel
    outq_bytes: Count
    """SIOCOUTQ: not yet acknowledged, sent or not."""
    notsent_bytes: Count
    """tcpi_notsent_bytes: of these, not yet sent."""
    acked_bytes: Count
    snd_wnd_bytes: Count
    """tcpi_snd_wnd: the window that the client's kernel last advertised."""
    snd_mss_bytes: Count
    rwnd_limited_us: Count
    retrans_segments: Count
    """tcpi_total_retrans."""
    backoff: Count
    wmem_queued_bytes: Count
    """SO_MEMINFO: memory charged for the send queue, more than its payload."""
    sndbuf_bytes: Count
    # the client's kernel
    received_bytes: Count
    """tcpi_bytes_received."""
    rcvq_bytes: Count
    """SIOCINQ: received, acknowledged or about to be, not read."""
    rmem_alloc_bytes: Count
    rcvbuf_bytes: Count
    # the client's process
    read_bytes: Count
    read_messages: Count
    missing_messages: Count
    """Numbers that the client has seen to be absent between two messages that it read."""
    latency_us: Annotated[int, Meta(ge=-1, le=_MOST)]
    """The longest from making to reading, of the messages read since the sample before; -1: none."""
    held_bytes: Count
    """Of ``read_bytes``: taken from the kernel, not yet seen by the application (a browser's pipe)."""
    late_us: int = 0
    """In realtime: how long after the end of its tick it was taken, so that its own clock is
    (tick + 1) intervals and this."""
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
        """Bytes that the server's kernel has sent and the client's has not acknowledged."""
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


_STATES: dict[str, Any] = {
    "settled": False,
    "open": True,
    "producer_waits": False,
    "refusal": Refusal.NONE,
    "latency_us": -1,
    "rcv_wnd_bytes": -1,
}
COUNTS = tuple(name for name in Sample.__struct_fields__ if name not in ("tick", "connection", *_STATES))
"""The fields of a sample that are a number of something, 0 where there is none."""
NOTHING_READ = Sample(tick=0, connection=0, **(_STATES | dict.fromkeys(COUNTS, 0)))
"""A sample of an open connection of which nothing has been read; what is read replaces its fields."""
