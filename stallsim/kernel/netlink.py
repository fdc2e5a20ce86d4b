"""A datagram of netlink: messages one after the other, each behind a ``struct nlmsghdr`` (netlink(7))."""

import struct
from collections.abc import Iterator

HEADER = struct.Struct("=IHHII")
"""``struct nlmsghdr``: length with the header, type, flags, sequence number, port."""
ERROR, DONE = 2, 3


def aligned(size: int) -> int:
    """Messages and attributes begin at multiples of 4."""
    return size + 3 & ~3


def messages(datagram: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and content of each."""
    at = 0
    while at < len(datagram):
        size, kind, *_ = HEADER.unpack_from(datagram, at)
        yield kind, datagram[at + HEADER.size : at + size]
        at += aligned(size)


def stride(datagram: bytes) -> int:
    """How far its messages are apart where all have one length and one type; else 0. No loop in Python."""
    size, kind, *_ = HEADER.unpack_from(datagram)
    step = aligned(size)
    if kind in (ERROR, DONE) or len(datagram) % step:
        return 0
    alike = all(datagram[at::step] == datagram[at : at + 1] * (len(datagram) // step) for at in range(6))
    return step if alike else 0
