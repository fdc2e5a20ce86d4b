"""Six numbers of each of very many sockets, in one call a socket: enough to see which need a closer look.

``unpack`` makes an object of every field, at some 10 us a socket, which is too much for tens of
thousands of them every few seconds.
"""

import struct
from typing import NamedTuple

from .diag_socket import ATTRIBUTE, INFO, MESSAGE, aligned
from .tcp_info import BYTES_ACKED_AT, SND_WND_AT


class Glance(NamedTuple):
    """Each as in ``DiagSocket``, ``SocketId`` and ``TcpInfo``."""

    state: int
    cookie: int
    rqueue: int
    wqueue: int
    inode: int
    bytes_acked: int
    snd_wnd: int


class Glances:
    """Where TCP_INFO lies in a message depends on the attributes before it, so it is found by length."""

    def __init__(self) -> None:
        self._layouts: dict[int, struct.Struct] = {}

    def read(self, message: bytes) -> Glance | None:
        """None of what has no TCP_INFO: no full socket any more."""
        layout = self._layouts.get(len(message)) or self._find(message)
        if layout is None:
            return None
        state, cookie, rqueue, wqueue, inode, kind, acked, window = layout.unpack_from(message)
        if kind != INFO:  # of the same length, with other attributes
            self._layouts.pop(len(message))
            return self.read(message)
        return Glance(state, cookie, rqueue, wqueue, inode, acked, window)

    def _find(self, message: bytes) -> struct.Struct | None:
        at = MESSAGE.size
        while at < len(message):
            size, kind = ATTRIBUTE.unpack_from(message, at)
            if kind == INFO:
                between = SND_WND_AT - BYTES_ACKED_AT - 8
                layout = struct.Struct(
                    f"=xB42xQ4xII4xI{at - MESSAGE.size + 2}xH{BYTES_ACKED_AT}xQ{between}xI"
                )
                return self._layouts.setdefault(len(message), layout)
            at += aligned(size)
        return None
