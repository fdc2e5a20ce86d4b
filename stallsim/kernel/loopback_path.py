"""Reads what a network stack does with bytes to 127.0.0.1: the properties of its loopback and of its route.

They decide the size of segments and windows as ``net.ipv4`` settings do, and have no setting there. Layouts
and numbers: include/uapi/linux/rtnetlink.h, if_link.h, ethtool.h; rtnetlink(7).
"""

import ctypes
import fcntl
import socket
import struct
from collections.abc import Iterator

from .netlink import ERROR, HEADER, aligned, messages

_RTM_GETLINK, _RTM_GETROUTE, _NLM_F_REQUEST = 18, 26, 0x1
_LINK, _ROUTE = struct.Struct("=BxHiII"), struct.Struct("=8BI")
"""``struct ifinfomsg`` and ``struct rtmsg``."""
_RTA_DST, _RTA_METRICS = 1, 8
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
    has = _asked(_RTM_GETLINK, _LINK.pack(socket.AF_UNSPEC, 0, index, 0, 0), _LINK.size)
    for name, (attribute, usual) in _OF_A_NEW_LOOPBACK.items():
        raw = has.get(attribute)
        if raw is None:
            continue  # an older kernel
        value = raw.rstrip(b"\0").decode() if isinstance(usual, str) else _u32(raw)
        if value != usual:
            yield f"the loopback's {name} is {value}"
    if not _segments_late():
        yield "the loopback's tcp-segmentation-offload is off"


def _route() -> Iterator[str]:
    request = _ROUTE.pack(socket.AF_INET, 32, 0, 0, 0, 0, 0, 0, 0)
    request += struct.pack("=HH", 8, _RTA_DST) + socket.inet_aton("127.0.0.1")
    metrics = _attributes(_asked(_RTM_GETROUTE, request, _ROUTE.size).get(_RTA_METRICS, b""))
    for number, raw in metrics.items():
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


def _asked(kind: int, body: bytes, fixed: int) -> dict[int, bytes]:
    """The attributes of the one message that answers a request. Raises OSError."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.send(HEADER.pack(HEADER.size + len(body), kind, _NLM_F_REQUEST, 1, 0) + body)
        answer = netlink.recv(65_536)
    ((answered, content),) = messages(answer)
    if answered == ERROR:
        (number,) = struct.unpack_from("=i", content)
        raise OSError(-number, "rtnetlink")
    return _attributes(content[fixed:])


def _attributes(data: bytes) -> dict[int, bytes]:
    found, at = {}, 0
    while at < len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        found[kind] = data[at + 4 : at + size]
        at += aligned(size)
    return found


def _u32(raw: bytes) -> int:
    return int(struct.unpack_from("=I", raw)[0])
