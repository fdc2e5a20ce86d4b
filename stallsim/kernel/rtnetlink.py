"""Asks the kernel about its links and routes, and tells it to change them (rtnetlink(7))."""

import os
import socket
import struct

from .netlink import ATTRIBUTE, ERROR, HEADER, messages

REQUEST = 0x1
"""``NLM_F_REQUEST``, which every request has among its flags."""
ROUTE = struct.Struct("=8BI")
"""``struct rtmsg``."""
RTA_DST, RTA_METRICS = 1, 8
HOST = socket.inet_aton("127.0.0.1")
_RECEIVE_BYTES = 65_536


def ask_rtnetlink(kind: int, flags: int, body: bytes) -> bytes:
    """The content of the one message that answers a request; empty for an acknowledgement. Raises
    OSError.
    """
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.send(HEADER.pack(HEADER.size + len(body), kind, flags, 1, 0) + body)
        ((answered, content),) = messages(netlink.recv(_RECEIVE_BYTES))
    if answered != ERROR:
        return content
    (number,) = struct.unpack_from("=i", content)
    if number:
        raise OSError(-number, os.strerror(-number))
    return b""


def attribute(kind: int, value: bytes) -> bytes:
    """``struct rtattr`` and its value; all sizes here are multiples of 4 bytes."""
    return ATTRIBUTE.pack(ATTRIBUTE.size + len(value), kind) + value
