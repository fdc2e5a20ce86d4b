"""Reads ten numbers of each of very many sockets, in one call per socket; they show which need more
readings.

``unpack_diag`` makes an object of every field, at some 10 us per socket, which is too slow for tens of
thousands of sockets every few seconds.
"""

import struct
from typing import NamedTuple

from .diag_socket import INFO, MESSAGE
from .netlink import ATTRIBUTE, aligned
from .tcp_info import BYTES_ACKED_AT, NOTSENT_AT, SND_MSS_AT, SND_WND_AT


class Glance(NamedTuple):
    """Numbers of one socket, as in ``DiagSocket``, ``SocketId`` and ``TcpInfo``."""

    state: int
    cookie: int
    rqueue: int
    wqueue: int
    inode: int
    bytes_acked: int
    snd_wnd: int
    snd_mss: int = 0
    notsent: int = 0
    retrans: int = 0

    @property
    def window_shut(self) -> bool:
        """Whether a segment waits and the window is smaller than it (RFC 9293 3.8.6)."""
        return self.notsent > 0 and self.snd_wnd < min(self.snd_mss, self.notsent)


class Glances:
    """Reads messages. The place of TCP_INFO depends on the attributes before it, so it is looked up by
    length.
    """

    def __init__(self) -> None:
        self._layouts: dict[int, struct.Struct] = {}

    def read(self, message: bytes) -> Glance | None:
        """The numbers in a message; None if it has no TCP_INFO, since the socket is no longer full."""
        layout = self._layouts.get(len(message)) or self._find(message)
        if layout is None:
            return None
        state, retrans, cookie, rqueue, wqueue, inode, kind, *info = layout.unpack_from(message)
        if kind != INFO:  # a message of the same length with other attributes
            self._layouts.pop(len(message))
            return self.read(message)
        mss, acked, notsent, window = info
        return Glance(state, cookie, rqueue, wqueue, inode, acked, window, mss, notsent, retrans)

    def _find(self, message: bytes) -> struct.Struct | None:
        at = _info_at(message)
        if at is None:
            return None
        return self._layouts.setdefault(len(message), struct.Struct(f"={_fields(at)}"))


def _info_at(message: bytes) -> int | None:
    """The offset of the attribute TCP_INFO; None if there is none."""
    at = MESSAGE.size
    while at < len(message):
        size, kind = ATTRIBUTE.unpack_from(message, at)
        if kind == INFO:
            return at
        at += aligned(size)
    return None


def _fields(info_at: int) -> str:
    gaps = (
        SND_MSS_AT,
        BYTES_ACKED_AT - SND_MSS_AT - 4,
        NOTSENT_AT - BYTES_ACKED_AT - 8,
        SND_WND_AT - NOTSENT_AT - 4,
    )
    info = "{}xI{}xQ{}xI{}xI".format(*gaps)
    return f"xBxB40xQ4xII4xI{info_at - MESSAGE.size + 2}xH{info}"
