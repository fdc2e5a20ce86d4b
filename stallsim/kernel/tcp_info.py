"""Reads ``getsockopt(TCP_INFO)``: the fields of Linux's ``struct tcp_info`` in which a stall shows."""

import socket
import struct
from typing import NamedTuple

from ..errors import EnvironmentUnfit

_LAYOUT = struct.Struct("<BxBxB3xI4xI4xI16xI4xII4xII8xI16xI16xQQIII20xQQ44xI")
"""Offsets as in include/uapi/linux/tcp.h; the last field, ``tcpi_snd_wnd``, exists since Linux 5.4."""
SND_MSS_AT, BYTES_ACKED_AT, NOTSENT_AT, SND_WND_AT = 16, 120, 144, 228
"""Offsets of four fields, for a reader of only these in very many sockets."""
_RCV_WND = struct.Struct("<232xI")

TCP_CLOSE = 7
"""``tcpi_state`` of a socket whose connection no longer exists (include/net/tcp_states.h)."""


class TcpInfo(NamedTuple):
    """A copied snapshot; each field is the kernel's ``tcpi_`` field of that name."""

    state: int
    retransmits: int
    backoff: int
    rto: int
    """Microseconds; during retransmissions, the timeout after back-off."""
    snd_mss: int
    unacked: int
    """Segments."""
    last_data_sent: int
    """Milliseconds ago. A zero-window probe does not count as data; a retransmission does."""
    last_data_recv: int
    last_ack_recv: int
    rcv_ssthresh: int
    """The largest window that this end would announce. Only a kernel that is short of memory lowers it."""
    rtt: int
    """Microseconds, smoothed."""
    snd_cwnd: int
    """Segments."""
    total_retrans: int
    bytes_acked: int
    bytes_received: int
    segs_out: int
    segs_in: int
    notsent_bytes: int
    busy_time: int
    """Microseconds in which bytes waited to be sent or acknowledged."""
    rwnd_limited: int
    """The part of ``busy_time`` in which the peer's window held the bytes up."""
    snd_wnd: int


def read_tcp_info(sock: socket.socket) -> TcpInfo:
    """One TCP socket's snapshot, at about 1 us. Raises OSError when the socket is closed."""
    raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAYOUT.size)
    return TcpInfo._make(_LAYOUT.unpack_from(raw))


def unpack_tcp_info(raw: bytes) -> TcpInfo:
    """The snapshot in a ``struct tcp_info`` from the kernel, whose later versions may be longer."""
    return TcpInfo._make(_LAYOUT.unpack_from(raw))


def read_with_receive_window(sock: socket.socket) -> tuple[TcpInfo, int | None]:
    """The snapshot, and the window of the same moment (``tcpi_rcv_wnd``); None before Linux 6.2, which
    lacks it.
    """
    raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RCV_WND.size)
    return unpack_tcp_info(raw), int(_RCV_WND.unpack(raw)[0]) if len(raw) == _RCV_WND.size else None


def require_tcp_info() -> None:
    """Raises EnvironmentUnfit if this kernel does not report all fields that a run needs."""
    with socket.socket() as sock:
        if len(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAYOUT.size)) < _LAYOUT.size:
            raise EnvironmentUnfit(
                "this kernel does not report a peer's window; Linux 5.4 or newer reports it"
            )
