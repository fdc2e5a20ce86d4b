"""Parses a netlink datagram: a sequence of messages, each after a ``struct nlmsghdr`` (netlink(7))."""

import socket
import struct
from collections.abc import Callable, Iterator
from typing import Self

from ..errors import Unavailable

HEADER = struct.Struct("=IHHII")
"""``struct nlmsghdr``: length including the header, type, flags, sequence number, port."""
ATTRIBUTE = struct.Struct("=HH")
"""``struct nlattr``: its length, header included, and its type."""
ERROR, DONE = 2, 3
_NETLINK_SOCK_DIAG = 4


def aligned(size: int) -> int:
    """The size rounded up to a multiple of 4, where the next message or attribute begins."""
    return size + 3 & ~3


def messages(datagram: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and content of each message in a datagram."""
    at = 0
    while at < len(datagram):
        size, kind, *_ = HEADER.unpack_from(datagram, at)
        yield kind, datagram[at + HEADER.size : at + size]
        at += aligned(size)


def attributes(content: bytes, begin: int) -> dict[int, bytes]:
    """The values of a message's attributes by their types; the first attribute is at ``begin``."""
    found, at = {}, begin
    while at < len(content):
        size, kind = ATTRIBUTE.unpack_from(content, at)
        found[kind] = content[at + ATTRIBUTE.size : at + size]
        at += aligned(size)
    return found


def stride(datagram: bytes) -> int:
    """The distance of the messages if all have one length and one type; else 0. No loop in Python."""
    size, kind, *_ = HEADER.unpack_from(datagram)
    step = aligned(size)
    if kind in (ERROR, DONE) or len(datagram) % step:
        return 0
    alike = all(datagram[at::step] == datagram[at : at + 1] * (len(datagram) // step) for at in range(6))
    return step if alike else 0


class DiagNetlink:
    """A netlink socket for requests about other sockets (sock_diag(7)); it never waits.

    Close it, or use it as a context manager.
    """

    def __init__(self, unavailable: Callable[[OSError], Unavailable]) -> None:
        """Raises the error that ``unavailable`` makes of an OSError if the socket cannot be opened."""
        try:
            self._netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG)
        except OSError as error:
            raise unavailable(error) from error
        self._netlink.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self._netlink.close()
