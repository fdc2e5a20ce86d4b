"""Configures the loopback interface of this process's network stack: state, MTU, and route to 127.0.0.1.

Layouts and numbers: include/uapi/linux/rtnetlink.h, netdevice(7), rtnetlink(7).
"""

import errno
import fcntl
import os
import socket
import struct
from typing import NamedTuple

from .netlink import ERROR, HEADER

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _SIOCGIFMTU, _IFF_UP = 0x8913, 0x8914, 0x8921, 0x1
_RTM_NEWROUTE = 24
_NLM_F_REQUEST, _NLM_F_ACK, _NLM_F_REPLACE, _NLM_F_CREATE = 0x1, 0x4, 0x100, 0x400
_RTA_DST, _RTA_OIF, _RTA_PREFSRC, _RTA_METRICS = 1, 4, 7, 8
_RTAX_LOCK, _RTAX_RTO_MIN, _RTAX_QUICKACK = 1, 13, 15
_RT_TABLE_LOCAL, _RTPROT_KERNEL, _RT_SCOPE_HOST, _RTN_LOCAL = 255, 2, 254, 2
_ROUTE = struct.Struct("=8BI")
"""``struct rtmsg``."""
_HOST = socket.inet_aton("127.0.0.1")


class Route(NamedTuple):
    """How TCP treats a peer at 127.0.0.1."""

    quickack: bool
    """Whether every segment is acknowledged at once, without the timer of a delayed acknowledgement."""
    rto_min_ms: int | None
    """The least retransmission timeout, which is the persist timer's, too; None: the stack's default."""


def bring_up() -> None:
    """Bring the loopback up; in a new network namespace it is down. Raises OSError."""
    with socket.socket() as sock:
        request = struct.pack("16sh22x", b"lo", 0)
        (flags,) = struct.unpack_from("h", fcntl.ioctl(sock, _SIOCGIFFLAGS, request), 16)
        fcntl.ioctl(sock, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | _IFF_UP))


def mtu() -> int:
    """The loopback's MTU in bytes. Raises OSError."""
    with socket.socket() as sock:
        answer = fcntl.ioctl(sock, _SIOCGIFMTU, struct.pack("16si20x", b"lo", 0))
    return int(struct.unpack_from("i", answer, 16)[0])


def set_route(route: Route) -> None:
    """Replace the kernel's route to 127.0.0.1 by one with these metrics (ip-route(8)).

    Raises OSError.
    """
    metrics = _attribute(_RTAX_QUICKACK, _u32(route.quickack))
    if route.rto_min_ms is not None:
        metrics += _attribute(_RTAX_LOCK, _u32(1 << _RTAX_RTO_MIN))
        metrics += _attribute(_RTAX_RTO_MIN, _u32(route.rto_min_ms))
    body = _ROUTE.pack(
        socket.AF_INET, 32, 0, 0, _RT_TABLE_LOCAL, _RTPROT_KERNEL, _RT_SCOPE_HOST, _RTN_LOCAL, 0
    )
    body += _attribute(_RTA_DST, _HOST) + _attribute(_RTA_PREFSRC, _HOST)
    body += _attribute(_RTA_OIF, _u32(socket.if_nametoindex("lo"))) + _attribute(_RTA_METRICS, metrics)
    flags = _NLM_F_REQUEST | _NLM_F_ACK | _NLM_F_REPLACE | _NLM_F_CREATE
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.send(HEADER.pack(HEADER.size + len(body), _RTM_NEWROUTE, flags, 1, 0) + body)
        answer = netlink.recv(4096)
    _, kind, *_ = HEADER.unpack_from(answer)
    (number,) = struct.unpack_from("=i", answer, HEADER.size)
    if kind != ERROR or number:
        number = -number or errno.EPROTO
        raise OSError(number, os.strerror(number))


def _u32(value: int) -> bytes:
    return struct.pack("=I", value)


def _attribute(kind: int, value: bytes) -> bytes:
    """``struct rtattr`` and its value; all sizes here are multiples of 4 bytes."""
    return struct.pack("=HH", 4 + len(value), kind) + value
