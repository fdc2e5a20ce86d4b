"""Parses a TCP socket from an answer of ``NETLINK_SOCK_DIAG``: ``struct inet_diag_msg`` and its
attributes.

Layouts and numbers: include/uapi/linux/inet_diag.h; meaning of the fields: net/ipv4/inet_diag.c and
tcp_diag.c.
"""

import socket
import struct
from enum import IntEnum
from typing import NamedTuple

from .netlink import ATTRIBUTE, attributes
from .queues import SocketMemory, unpack_memory
from .tcp_info import TcpInfo, unpack_tcp_info

INFO, _CONG, SKMEMINFO, _ULP_INFO = 2, 4, 7, 19
EXTENSIONS = 1 << INFO - 1 | 1 << _CONG - 1 | 1 << SKMEMINFO - 1
"""``idiag_ext``: the attributes that a request asks for."""
OF_MANY = 1 << INFO - 1 | 1 << SKMEMINFO - 1
"""``idiag_ext`` for a dump of very many sockets."""
INFO_ALONE = 1 << INFO - 1
"""``idiag_ext`` for TCP_INFO only, which saves a tenth of the kernel's time."""
MEMORY_ALONE = 1 << SKMEMINFO - 1
"""``idiag_ext`` for the memory that the kernel has charged to each socket."""

MESSAGE = struct.Struct("=xBBB48xIIIII")
"""``struct inet_diag_msg``, without its ``struct inet_diag_sockid``."""
_SOCKET_ID = struct.Struct("=B3x2s2s16s16s4xQ")
"""The family, and ``struct inet_diag_sockid`` without the interface; ports are in network byte order."""
_ULP_NAME = 1


class TcpState(IntEnum):
    """TCP states (RFC 9293 3.3.2), numbered as in include/net/tcp_states.h."""

    ESTABLISHED = 1
    SYN_SENT = 2
    SYN_RECV = 3
    FIN_WAIT1 = 4
    FIN_WAIT2 = 5
    TIME_WAIT = 6
    CLOSE = 7
    CLOSE_WAIT = 8
    LAST_ACK = 9
    LISTEN = 10
    CLOSING = 11

    @property
    def written(self) -> str:
        """The state's name as RFC 9293 writes it: ``FIN-WAIT-1``."""
        return self.name.replace("WAIT1", "WAIT-1").replace("WAIT2", "WAIT-2").replace("_", "-")


class Timer(IntEnum):
    """``idiag_timer``: what the kernel will do next by itself, if nothing arrives."""

    OFF = 0
    ON = 1
    """Retransmit, probe for a lost tail, or check for reordering."""
    KEEPALIVE = 2
    """Keepalive; also a closed socket's wait for the peer's FIN."""
    TIMEWAIT = 3
    PERSIST = 4
    """Probe a zero window (RFC 9293 3.8.6.1)."""


class SocketId(NamedTuple):
    """``struct inet_diag_sockid``: the identity of a socket."""

    family: int
    own_port: int
    peer_port: int
    own_raw: bytes
    peer_raw: bytes
    cookie: int
    """A number that no other socket has until the machine restarts (``sock_gen_cookie``)."""

    @property
    def own_host(self) -> str:
        """The address at this end."""
        return _written(self.family, self.own_raw)

    @property
    def peer_host(self) -> str:
        """The address at the other end."""
        return _written(self.family, self.peer_raw)


def _written(family: int, raw: bytes) -> str:
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, raw[:4])
    return socket.inet_ntop(socket.AF_INET6, raw)


class DiagSocket(NamedTuple):
    """A copied snapshot of one socket. Each field except the last five is the kernel's ``idiag_`` field of
    that name.

    A socket that is no longer full (TIME-WAIT, often FIN-WAIT-2) or not yet (SYN-RECEIVED) has queues, uid
    and inode of 0, and None for the rest.
    """

    state: TcpState
    timer: Timer
    retrans: int
    """Consecutive timeouts without an answer, of data or of keepalive and zero-window probes."""
    expires: int
    """Milliseconds until the timer fires."""
    rqueue: int
    """Bytes received and not read, where a FIN counts as one; for a listener, connections
    to be accepted.
    """
    wqueue: int
    """Bytes written and not acknowledged, where SYN and FIN count as one; for a listener, its limit."""
    uid: int
    inode: int
    """The socket's inode in /proc/PID/fd; 0 if no process holds it: not accepted yet, or closed by all."""
    info: TcpInfo | None
    memory: SocketMemory | None
    congestion: str | None
    id: SocketId
    ulp: str | None = None
    """The protocol that the kernel runs above TCP: ``mptcp`` (RFC 8684) or ``tls``."""


def unpack_diag(message: bytes) -> DiagSocket:
    """The socket in one message of the kernel's answer."""
    state, timer, retrans, expires, rqueue, wqueue, uid, inode = MESSAGE.unpack_from(message)
    has = attributes(message, MESSAGE.size)
    info, memory, congestion, ulp = (has.get(kind) for kind in (INFO, SKMEMINFO, _CONG, _ULP_INFO))
    return DiagSocket(
        TcpState(state),
        Timer(timer),
        retrans,
        expires,
        rqueue,
        wqueue,
        uid,
        inode,
        None if info is None else unpack_tcp_info(info),
        None if memory is None else unpack_memory(memory),
        None if congestion is None else congestion.rstrip(b"\0").decode(),
        unpack_id(message),
        None if ulp is None else _ulp_name(ulp),
    )


def _ulp_name(nested: bytes) -> str | None:
    """The value of ``INET_ULP_INFO_NAME``, which the kernel puts first."""
    size, kind = ATTRIBUTE.unpack_from(nested)
    return nested[ATTRIBUTE.size : size].rstrip(b"\0").decode() if kind == _ULP_NAME else None


def unpack_id(message: bytes) -> SocketId:
    """The identity of the socket in the kernel's message."""
    family, own_port, peer_port, own, peer, cookie = _SOCKET_ID.unpack_from(message)
    return SocketId(family, int.from_bytes(own_port), int.from_bytes(peer_port), own, peer, cookie)
