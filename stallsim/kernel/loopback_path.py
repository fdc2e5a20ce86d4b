"""Reads what a network stack does with bytes to 127.0.0.1: the properties of its loopback and of its route.

They decide the size of segments and windows as ``net.ipv4`` settings do, and have no setting there. Layouts
and numbers: include/uapi/linux/rtnetlink.h, if_link.h, ethtool.h; rtnetlink(7).
"""

import ctypes
import fcntl
import socket
import struct
from collections.abc import Iterator

from .netlink import attributes
from .rtnetlink import HOST, REQUEST, ROUTE, RTA_DST, RTA_METRICS, ask_rtnetlink, attribute

_RTM_GETLINK, _RTM_GETROUTE = 18, 26
_LINK = struct.Struct("=BxHiII")
"""``struct ifinfomsg``."""
_SIOCETHTOOL, _ETHTOOL_GTSO = 0x8946, 0x1E
_IFLA_MTU, _IFLA_QDISC, _IFLA_GSO_MAX_SEGS, _IFLA_GSO_MAX_SIZE, _IFLA_GSO_IPV4_MAX_SIZE = 4, 6, 40, 41, 63
_OF_A_NEW_LOOPBACK: dict[str, tuple[int, str | int]] = {
    "mtu": (_IFLA_MTU, 65_536),
    "qdisc": (_IFLA_QDISC, "noqueue"),
    "gso_max_segs": (_IFLA_GSO_MAX_SEGS, 65_535),
    "gso_max_size": (_IFLA_GSO_MAX_SIZE, 65_536),
    "gso_ipv4_max_size": (_IFLA_GSO_IPV4_MAX_SIZE, 65_536),
}
"""The names of ip-link(8), each with its attribute and its value on a loopback that nobody has changed."""
_METRICS = (
    *("", "lock", "mtu", "window", "rtt", "rttvar", "ssthresh", "cwnd", "advmss", "reordering", "hoplimit"),
    *("initcwnd", "features", "rto_min", "initrwnd", "quickack", "congctl", "fastopen_no_cookie"),
)
"""The names of ip-route(8), by their numbers (RTAX_*)."""
_CONGCTL, _NO_METRICS = _METRICS.index("congctl"), ("", "lock", "hoplimit")


def changed() -> list[str]:
    """What differs from a new network stack on the way to 127.0.0.1, each in one phrase, such as ``the
    loopback's mtu is 1500``. Raises OSError.
    """
    return [*_link(), *_route()]


def _link() -> Iterator[str]:
    index = socket.if_nametoindex("lo")
    request = _LINK.pack(socket.AF_UNSPEC, 0, index, 0, 0)
    has = attributes(ask_rtnetlink(_RTM_GETLINK, REQUEST, request), _LINK.size)
    for name, (number, usual) in _OF_A_NEW_LOOPBACK.items():
        raw = has.get(number)
        if raw is None:
            continue  # an older kernel
        value = raw.rstrip(b"\0").decode() if isinstance(usual, str) else _u32(raw)
        if value != usual:
            yield f"the loopback's {name} is {value}"
    if not _segments_late():
        yield "the loopback's tcp-segmentation-offload is off"


def _route() -> Iterator[str]:
    request = ROUTE.pack(socket.AF_INET, 32, 0, 0, 0, 0, 0, 0, 0) + attribute(RTA_DST, HOST)
    route = attributes(ask_rtnetlink(_RTM_GETROUTE, REQUEST, request), ROUTE.size)
    for number, raw in attributes(route.get(RTA_METRICS, b""), 0).items():
        name = _METRICS[number] if number < len(_METRICS) else f"metric {number}"
        if name not in _NO_METRICS:
            value = raw.rstrip(b"\0").decode() if number == _CONGCTL else _u32(raw)
            yield f"the {name} of the route to 127.0.0.1 is {value}"


def _segments_late() -> bool:
    """Whether segments are made as large as GSO allows (``ethtool -k lo``)."""
    value = ctypes.create_string_buffer(struct.pack("=II", _ETHTOOL_GTSO, 0), 8)
    request = struct.pack("16sP16x", b"lo", ctypes.addressof(value))
    with socket.socket() as sock:
        fcntl.ioctl(sock, _SIOCETHTOOL, request)
    return bool(struct.unpack("=II", value.raw)[1])


def _u32(raw: bytes) -> int:
    return int(struct.unpack_from("=I", raw)[0])
