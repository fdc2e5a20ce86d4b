"""From no socket to a connect() that is under way: with which options, and from which address."""

import errno
import os
import socket
from itertools import cycle

from ..kernel.options import LINGER_RST
from .orders import BeginOrder
from .parked._base import Parked

_IP_BIND_ADDRESS_NO_PORT = 24
"""ip(7): the port is chosen at connect(), for this destination, so that each has all ports again."""


class Connector:
    """Connects clients of one process to one server, from its addresses in turn."""

    def __init__(self, begin: BeginOrder) -> None:
        self._begin = begin
        self._family = socket.AF_INET6 if ":" in begin.host else socket.AF_INET
        self._sources = cycle(begin.sources or (None,))

    def connect(self, kind: type[Parked]) -> int:
        """The descriptor of one that connects; it is the caller's to close. Raises OSError."""
        begin, source = self._begin, next(self._sources)
        rcvbuf = begin.rcvbuf if kind.rcvbuf is None else kind.rcvbuf
        sock = socket.SocketType(self._family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RST)
            if rcvbuf is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
            if source is not None:
                sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
                sock.bind((source, 0))
            status = sock.connect_ex((begin.host, begin.port))
            if status not in (0, errno.EINPROGRESS):
                raise OSError(status, os.strerror(status))
        except OSError:
            sock.close()
            raise
        return sock.detach()


def error_under_way(fd: int) -> str:
    """Why a connection that was under way is over."""
    sock = socket.socket(fileno=fd)
    try:
        status = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    finally:
        sock.detach()
    return errno.errorcode.get(status, "closed without an answer")


def errno_name(error: OSError) -> str:
    """As errno(3) calls it."""
    return errno.errorcode.get(error.errno or 0, str(error))
