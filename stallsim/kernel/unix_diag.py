"""Reads any process's unix socket from the kernel: ``NETLINK_SOCK_DIAG`` for AF_UNIX.

The two sockets of a stream refer to each other by inode. Bytes written to one are at once in the other's
receive queue: there is no send queue, no window, no segment. Layouts and numbers:
include/uapi/linux/unix_diag.h.
"""

import errno
import os
import socket
import struct

from ..errors import Unavailable
from .netlink import ERROR, HEADER, DiagNetlink, attributes

_SOCK_DIAG_BY_FAMILY = 20
_NLM_F_REQUEST = 0x1
_REQUEST = struct.Struct("=IHHII BBH I I I 8s")
"""The header and ``struct unix_diag_req``."""
_MESSAGE_BYTES = 16
"""Bytes of ``struct unix_diag_msg``, which identifies the socket and precedes its attributes."""
_SHOW_PEER, _SHOW_MEMINFO = 0x4, 0x20
_PEER, _MEMINFO = 2, 5
_SEND_MEMORY = struct.Struct("=8xII")
"""WMEM_ALLOC and SNDBUF among the numbers of SK_MEMINFO."""
_ALL_STATES, _NO_COOKIE = 0xFFFFFFFF, b"\xff" * 8
_ERROR, _INODE = struct.Struct("=i"), struct.Struct("=I")
_RECEIVE_BYTES = 4096


class UnixDiag(DiagNetlink):
    """A netlink socket for requests; close it, or use it as a context manager."""

    def __init__(self) -> None:
        """Raises Unavailable if the kernel does not answer."""
        super().__init__(_unavailable)
        try:
            self._require_answers()
        except BaseException:
            self.close()
            raise

    def peer_of(self, inode: int) -> int | None:
        """The inode of the socket at the other end; None if no process holds it: it has been closed, or
        not yet accepted. Raises Unavailable.
        """
        found = self._ask(inode).get(_PEER)
        return int(_INODE.unpack(found)[0]) or None if found else None

    def send_room(self, inode: int) -> int | None:
        """Bytes of memory that the kernel still accepts from that socket; None if there is none.

        The kernel refuses a write once SK_MEMINFO_WMEM_ALLOC has reached SO_SNDBUF (sock_alloc_send_pskb).
        """
        found = self._ask(inode).get(_MEMINFO)
        if found is None:
            return None
        allocated, limit = _SEND_MEMORY.unpack_from(found)
        return max(0, int(limit) - int(allocated))

    def _ask(self, inode: int) -> dict[int, bytes]:
        """The attributes of that socket; empty if it does not exist. Raises Unavailable."""
        question = _REQUEST.pack(
            _REQUEST.size, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 0, 0,
            socket.AF_UNIX, 0, 0, _ALL_STATES, inode, _SHOW_PEER | _SHOW_MEMINFO, _NO_COOKIE,
        )  # fmt: skip
        try:
            self._netlink.send(question)
            datagram = self._netlink.recv(_RECEIVE_BYTES)
        except OSError as error:
            raise _unavailable(error) from error
        size, kind, *_ = HEADER.unpack_from(datagram)
        if kind == ERROR:
            (number,) = _ERROR.unpack_from(datagram, HEADER.size)
            if number not in (0, -errno.ENOENT):
                raise _unavailable(OSError(-number, os.strerror(-number)))
            return {}
        return attributes(datagram[HEADER.size : size], _MESSAGE_BYTES)

    def _require_answers(self) -> None:
        """Check that the kernel answers, by a request about two sockets of this process. Without its
        module ``unix_diag``, the kernel reports no socket at all.
        """
        one, other = socket.socketpair(socket.AF_UNIX)
        with one, other:
            if self.peer_of(inode_of(one)) != inode_of(other):
                raise _unavailable(OSError(errno.ENOENT, "it does not see this process's own sockets"))


def inode_of(sock: socket.socket) -> int:
    """The socket's inode, as in /proc/PID/fd. Raises OSError if the socket is closed."""
    return os.fstat(sock.fileno()).st_ino


def _unavailable(error: OSError) -> Unavailable:
    return Unavailable(
        "unix_diag",
        f"the kernel does not report the unix sockets of other processes ({error.strerror})",
        "allow netlink sockets here (NETLINK_SOCK_DIAG), or load the kernel module unix_diag",
    )
