"""Readings of a watched connection, made by hand: one that keeps up, and variations of it."""

import socket
from typing import Any

from stallsim.kernel.diag_socket import DiagSocket, SocketId, TcpState, Timer
from stallsim.kernel.queues import SocketMemory
from stallsim.kernel.tcp_info import TcpInfo

MSS = 1448
_INFO = TcpInfo(
    state=1, retransmits=0, backoff=0, rto=204_000, snd_mss=MSS, unacked=0, last_data_sent=100,
    last_data_recv=60_000, last_ack_recv=100, rcv_ssthresh=65_535, rtt=1_000, snd_cwnd=10, total_retrans=0,
    bytes_acked=1_000_000, bytes_received=500, segs_out=900, segs_in=450, notsent_bytes=0,
    busy_time=10_000_000, rwnd_limited=0, snd_wnd=64_512,
)  # fmt: skip
_ID = SocketId(
    socket.AF_INET, 8000, 40_000, socket.inet_aton("127.0.0.1") + bytes(12),
    socket.inet_aton("10.1.2.3") + bytes(12), 7,
)  # fmt: skip
_BASE = DiagSocket(
    state=TcpState.ESTABLISHED, timer=Timer.OFF, retrans=0, expires=0, rqueue=0, wqueue=0, uid=1000,
    inode=4711, info=_INFO, memory=SocketMemory(0, 131_072, 87_040, 0), congestion=None, id=_ID,
)  # fmt: skip


def reading(**changed: Any) -> DiagSocket:
    """Fields of the socket, its identity and its TCP_INFO, whichever has one of that name."""
    mine = {key: value for key, value in changed.items() if key in DiagSocket._fields}
    named = {key: value for key, value in changed.items() if key in SocketId._fields}
    told = {key: value for key, value in changed.items() if key in TcpInfo._fields and key not in mine}
    assert len(mine) + len(named) + len(told) == len(changed), "no such field"
    made = _BASE._replace(id=_ID._replace(**named), info=_INFO._replace(**told))
    return made._replace(**mine)


def shut(**changed: Any) -> DiagSocket:
    """The window is 0 and 100,000 bytes wait behind it; its kernel answers the probes."""
    stalled = {
        "wqueue": 100_000,
        "notsent_bytes": 100_000,
        "snd_wnd": 0,
        "timer": Timer.PERSIST,
        "backoff": 3,
    }
    return reading(**(stalled | changed))


def without_info(**changed: Any) -> DiagSocket:
    """As /proc tells it."""
    return reading(info=None, memory=None, **changed)
