"""Two readings of one connection, and the quantities that the rules of ``words`` compute from them. Pure.

The sender's kernel knows only its own end: the window that the peer has advertised, when it last sent data,
when it last received an acknowledgement, and how long the window has limited it. It does not know what the
peer's program does. Fields: include/uapi/linux/tcp.h, net/ipv4/tcp.c (``tcp_get_info``).
"""

from typing import NamedTuple

from ..kernel.diag_socket import DiagSocket, TcpState, Timer
from ..timeline.sample import window_shut

FIN_SENT = frozenset({TcpState.FIN_WAIT1, TcpState.LAST_ACK, TcpState.CLOSING})
"""The states in which this end has closed. Its FIN, which counts as a byte, may still be queued."""
_PROBE_MIN_MS, _PROBE_MAX_MS = 200, 120_000
"""TCP_RTO_MIN and TCP_RTO_MAX: the least and the longest time before the kernel probes a shut
window again.
"""
_SLACK_MS = 200
_SLACK_S = 0.5


class Pair(NamedTuple):
    """The newest reading of a socket, an earlier one, and what the looks in between have shown."""

    now: DiagSocket
    before: DiagSocket | None = None
    seconds: float = 0.0
    """Seconds between the two readings."""
    after_s: float = 10.0
    """Seconds for which a window must be shut before the connection is called *stalled*."""
    still_s: float = 0.0
    """Seconds for which the looks have shown bytes in the queue and no acknowledgement."""
    opened_after_s: float = 0.0
    """The longest time, in seconds, for which this window was shut before it opened again with bytes still
    unsent.
    """
    peer_still_s: float | None = None
    """Seconds for which the peer's process has read nothing; None if its end is not on this machine."""
    peer_read_ago_s: float | None = None
    """An upper bound, in seconds, of the time since the peer's process read something; None if it was not
    seen to read, or if its end is not on this machine.
    """

    @property
    def queued_bytes(self) -> int:
        """Bytes that the server has written and that are not acknowledged, without the FIN."""
        return max(0, self.now.wqueue - (self.now.state in FIN_SENT))

    @property
    def unsent_bytes(self) -> int:
        """The part of ``queued_bytes`` that is not sent."""
        return _unsent(self.now)

    @property
    def inflight_bytes(self) -> int:
        """The part of ``queued_bytes`` that is sent and not acknowledged."""
        return max(0, self.now.wqueue - _unsent(self.now))

    @property
    def shut(self) -> bool:
        """Whether the peer's window has no room for the next segment (RFC 9293 3.8.6)."""
        return _shut(self.now)

    @property
    def was_shut(self) -> bool:
        """Whether the window was shut at the earlier reading."""
        return self.before is not None and _shut(self.before)

    @property
    def acked_bytes(self) -> int:
        """Bytes that were acknowledged since the earlier reading."""
        if self.before is None or self.before.info is None or self.now.info is None:
            return 0
        return self.now.info.bytes_acked - self.before.info.bytes_acked

    @property
    def acked_rate(self) -> float:
        """Acknowledged bytes per second since the earlier reading."""
        return self.acked_bytes / self.seconds if self.seconds else 0.0

    @property
    def quiet_s(self) -> float:
        """Seconds for which a shut window has let nothing through.

        ``tcpi_last_data_sent`` is reset by retransmissions (not by probes), so while data is in flight,
        only the looks show this time.
        """
        info = self.now.info
        if info is None or self.inflight_bytes:
            return self.still_s
        return max(info.last_data_sent / 1000, self.still_s)

    @property
    def silent(self) -> bool:
        """Whether the peer's kernel has not answered since before the last probe but one, or the
        retransmission.

        One answer may be missing, since a kernel answers at most one such segment in 500 ms
        (``tcp_invalid_ratelimit``). Before the latest probe the kernel waited half as long as it does now.
        """
        info = self.now.info
        if info is None:
            return False
        if self.now.timer is Timer.PERSIST:
            wait_ms = min(max(_PROBE_MIN_MS, info.rto / 1000) * (1 << info.backoff), _PROBE_MAX_MS)
            since_probe_ms = max(0.0, wait_ms - self.now.expires)
            return info.last_ack_recv > since_probe_ms + wait_ms / 2 + _SLACK_MS
        if self.now.timer is Timer.ON:
            since_sent_ms = info.rto / 1000 - self.now.expires
            return info.last_ack_recv > since_sent_ms + info.rto / 4000
        return False

    @property
    def limited_s(self) -> float:
        """Seconds for which the window has limited the server since the earlier reading
        (``rwnd_limited``).
        """
        if self.before is None or self.before.info is None or self.now.info is None:
            return 0.0
        return (self.now.info.rwnd_limited - self.before.info.rwnd_limited) / 1e6

    @property
    def shut_and_opened(self) -> bool:
        """Whether the window, since the earlier reading, has been shut and has let bytes through as
        well.
        """
        if self.acked_bytes <= 0:
            return False
        if self.shut:
            return self.was_shut or self.limited_s > self.quiet_s + _SLACK_S
        return self.limited_s > self.seconds / 2 and not self._far_away

    @property
    def _far_away(self) -> bool:
        """Whether the window is too small for this distance: about one window of bytes is sent in each
        round trip.
        """
        info = self.now.info
        if info is None:
            return False
        in_a_round_trip = self.acked_rate * info.rtt / 1e6
        return in_a_round_trip > info.snd_wnd / 2 > info.snd_mss

    @property
    def window_fall_bytes(self) -> int:
        """The number of bytes by which the window has shrunk since the earlier reading."""
        if self.before is None or self.before.info is None or self.now.info is None:
            return 0
        return max(0, self.before.info.snd_wnd - self.now.info.snd_wnd)

    @property
    def shuts_in_s(self) -> float:
        """Seconds until the window is shut, if it continues to shrink at the same rate."""
        fall, info = self.window_fall_bytes, self.now.info
        return info.snd_wnd * self.seconds / fall if info is not None and fall else 0.0

    @property
    def server_read_nothing(self) -> bool:
        """Whether bytes wait for the server, and it has read none of them since the earlier reading."""
        now, before = self.now, self.before
        if before is None or not now.rqueue or now.state is not TcpState.ESTABLISHED:
            return False
        if now.info is None or before.info is None:
            return now.rqueue == before.rqueue
        return now.info.bytes_received - now.rqueue == before.info.bytes_received - before.rqueue


def _unsent(one: DiagSocket) -> int:
    return 0 if one.info is None else min(one.info.notsent_bytes, one.wqueue)


def _shut(one: DiagSocket) -> bool:
    """Whether the window has no room for the next segment. With data in flight, the advertised window
    itself must be too small: a window that is full of data in flight is usual for a fast transfer over a
    long distance.
    """
    if one.info is None:
        return False
    unsent, info = _unsent(one), one.info
    inflight = one.wqueue - unsent
    shut = window_shut(info.snd_wnd, inflight, unsent, info.snd_mss)
    return shut and (not inflight or info.snd_wnd < info.snd_mss)
