"""Configures the loopback interface of this process's network stack: its state, and the route to 127.0.0.1.

Layouts and numbers: include/uapi/linux/rtnetlink.h, netdevice(7), rtnetlink(7).
"""

import errno
import fcntl
import os
import socket
import struct
from typing import NamedTuple

from .rtnetlink import HOST, REQUEST, ROUTE, RTA_DST, RTA_METRICS, ask_rtnetlink, attribute

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_RTM_NEWROUTE = 24
_NLM_F_ACK, _NLM_F_REPLACE, _NLM_F_CREATE = 0x4, 0x100, 0x400
_RTA_OIF, _RTA_PREFSRC = 4, 7
_RTAX_LOCK, _RTAX_RTO_MIN, _RTAX_QUICKACK = 1, 13, 15
_RT_TABLE_LOCAL, _RTPROT_KERNEL, _RT_SCOPE_HOST, _RTN_LOCAL = 255, 2, 254, 2


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


def set_route(route: Route) -> None:
    """Replace the kernel's route to 127.0.0.1 by one with these metrics (ip-route(8)).

    Raises OSError.
    """
    metrics = attribute(_RTAX_QUICKACK, _u32(route.quickack))
    if route.rto_min_ms is not None:
        metrics += attribute(_RTAX_LOCK, _u32(1 << _RTAX_RTO_MIN))
        metrics += attribute(_RTAX_RTO_MIN, _u32(route.rto_min_ms))
    body = ROUTE.pack(
        socket.AF_INET, 32, 0, 0, _RT_TABLE_LOCAL, _RTPROT_KERNEL, _RT_SCOPE_HOST, _RTN_LOCAL, 0
    )
    body += attribute(RTA_DST, HOST) + attribute(_RTA_PREFSRC, HOST)
    body += attribute(_RTA_OIF, _u32(socket.if_nametoindex("lo"))) + attribute(RTA_METRICS, metrics)
    flags = REQUEST | _NLM_F_ACK | _NLM_F_REPLACE | _NLM_F_CREATE
    if ask_rtnetlink(_RTM_NEWROUTE, flags, body):
        raise OSError(errno.EPROTO, os.strerror(errno.EPROTO))


def _u32(value: int) -> bytes:
    return struct.pack("=I", value)
