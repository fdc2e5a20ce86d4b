"""The sample: all queues of one connection at one moment, from which every number on screen comes.

Units are in the names. The docstring of a value that the kernel reports names the kernel's field.
"""

from enum import Enum
from typing import Annotated, Any

from msgspec import Meta, Struct

_MOST = 2**53
"""The largest count: beyond it doubles are not exact, and no kernel counts as far."""
Count = Annotated[int, Meta(ge=0, le=_MOST)]


class Refusal(Enum):
    """Why the server's kernel accepts no more bytes at the moment."""

    NONE = ""
    EAGAIN = "eagain"
    """The kernel refused a write, or a part of it."""
    NOT_WRITABLE = "not-writable"
    """epoll does not report the socket as writable, so no write was tried."""
    INFERRED = "inferred"
    """Inferred from outside: the server's kernel has accepted nothing more, although there was more."""


class Sample(Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    """All queues of one connection at one tick. Bytes are frame bytes on the wire, counted from the end of
    the opening handshake. Control frames are counted in ``control_bytes`` and in no other count of
    produced bytes.

    Under TLS or permessage-deflate the coder turns one sort of bytes into another: up to ``sealed_bytes``
    they are frames as produced; from ``wire_bytes`` to the client's reads they are bytes on the wire.
    """

    tick: Count
    connection: Count
    settled: bool
    """Whether nothing was in flight, so that the counts below belong to one moment and must add up."""
    # the server's process
    open: bool
    """Whether the opening handshake is complete."""
    produced_bytes: Count
    produced_messages: Count
    control_bytes: Count
    queue_bytes: Count
    """Bytes in the server's memory, which a policy limits."""
    pending_bytes: Count
    """The part of ``queue_bytes`` that has left the coder and that the kernel has not accepted; 0 without
    a coder.
    """
    queue_messages: Count
    queue_capacity_bytes: Count
    dropped_bytes: Count
    dropped_messages: Count
    evicted_messages: Count
    """Dropped messages that had been queued; the policy had not queued the other dropped ones."""
    discarded_bytes: Count
    sealed_bytes: Count
    """Bytes of frames that were given to the coder; without one, bytes that the kernel accepted."""
    wire_bytes: Count
    """Bytes that the coder produced from them; without one, bytes that the kernel accepted."""
    cut_bytes: Count
    """The part of ``wire_bytes`` that was discarded at the end."""
    accepted_bytes: Count
    """Bytes that the server's kernel accepted: the sum of what ``send`` returned."""
    refusal: Refusal
    producer_waits: bool
    # the server's kernel
    outq_bytes: Count
    """SIOCOUTQ: unacknowledged bytes, sent or not."""
    notsent_bytes: Count
    """tcpi_notsent_bytes: the part of ``outq_bytes`` that has not been sent."""
    acked_bytes: Count
    snd_wnd_bytes: Count
    """tcpi_snd_wnd: the window that the client's kernel last advertised."""
    snd_mss_bytes: Count
    rwnd_limited_us: Count
    retrans_segments: Count
    """tcpi_total_retrans."""
    backoff: Count
    wmem_queued_bytes: Count
    """SO_MEMINFO: memory charged for the send queue, which exceeds its payload."""
    sndbuf_bytes: Count
    # the client's kernel
    received_bytes: Count
    """tcpi_bytes_received."""
    rcvq_bytes: Count
    """SIOCINQ: received bytes that the client has not read."""
    rmem_alloc_bytes: Count
    rcvbuf_bytes: Count
    # the client's process
    read_bytes: Count
    read_messages: Count
    missing_messages: Count
    """Messages whose numbers were absent between two messages that the client read."""
    latency_us: Annotated[int, Meta(ge=-1, le=_MOST)]
    """The longest time from production to reading, for messages read since the sample before; -1: none."""
    held_bytes: Count
    """The part of ``read_bytes`` that the client has read from the kernel and its application has not (a
    browser's pipe).
    """
    late_us: int = 0
    """In realtime: how long after the end of its tick the sample was taken. Its time is therefore (tick +
    1) intervals plus this.
    """
    rcv_wnd_bytes: int = -1
    """tcpi_rcv_wnd: the window that the client's kernel last announced. Read only if the server's kernel
    cannot be read; else -1.
    """

    @property
    def unaccounted_bytes(self) -> int:
        """Bytes that violate a conservation law: 0 in every settled sample, unless stallsim has a bug.

        Before the coder: produced + control = application queue + dropped + discarded + sealed. In it:
        wire = pending + cut + accepted. After it: received = client's receive queue + read.
        """
        above = self.produced_bytes + self.control_bytes - self.sealed_bytes - self.dropped_bytes
        above -= self.queue_bytes - self.pending_bytes + self.discarded_bytes
        within = self.wire_bytes - self.pending_bytes - self.cut_bytes - self.accepted_bytes
        below = self.received_bytes - self.rcvq_bytes - self.read_bytes
        return above + within + below or max(above, within, below)

    @property
    def inflight_bytes(self) -> int:
        """Bytes that the server's kernel has sent and the client's kernel has not acknowledged."""
        return self.outq_bytes - self.notsent_bytes

    @property
    def undelivered_bytes(self) -> int:
        """Bytes that the server's kernel has sent and the client's kernel has not received."""
        return self.accepted_bytes - self.notsent_bytes - self.received_bytes

    @property
    def window_shut(self) -> bool:
        """Whether the usable window is smaller than the next waiting segment (RFC 9293 3.8.6)."""
        return window_shut(self.snd_wnd_bytes, self.inflight_bytes, self.notsent_bytes, self.snd_mss_bytes)

    @property
    def backlog_bytes(self) -> int:
        """Bytes between the producer and the client's application."""
        above = self.produced_bytes - self.sealed_bytes - self.dropped_bytes
        return above + self.wire_bytes - self.read_bytes + self.held_bytes


def window_shut(snd_wnd: int, inflight: int, notsent: int, snd_mss: int) -> bool:
    """Whether the usable window is smaller than the next waiting segment. All four counts are in bytes."""
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
"""The fields of a sample that are counts, which are 0 if there is nothing to count."""
NOTHING_READ = Sample(tick=0, connection=0, **(_STATES | dict.fromkeys(COUNTS, 0)))
"""A sample of an open connection of which nothing has been read; readings replace its fields."""
