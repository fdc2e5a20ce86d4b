"""Reads the bytes in a socket's two queues, and the memory that the kernel charges for them."""

import fcntl
import socket
import struct
import sys
from typing import NamedTuple

SIOCINQ = 0x541B
SIOCOUTQ = 0x5411
_SO_MEMINFO = 55
_INT_BYTES = 4
_MEMINFO = struct.Struct("=2I4xI4xI12x")


def receive_queue(sock: socket.socket) -> int:
    """Bytes received and not read (SIOCINQ, tcp(7))."""
    return _ioctl_int(sock, SIOCINQ)


def send_queue(sock: socket.socket) -> int:
    """Bytes written and not acknowledged, sent or not (SIOCOUTQ, tcp(7))."""
    return _ioctl_int(sock, SIOCOUTQ)


def _ioctl_int(sock: socket.socket, request: int) -> int:
    answer = bytearray(_INT_BYTES)  # written in place, at half the cost of a new object
    fcntl.ioctl(sock.fileno(), request, answer)
    return int.from_bytes(answer, sys.byteorder)


class SocketMemory(NamedTuple):
    """``SO_MEMINFO`` (include/net/sock.h, ``sk_get_meminfo``): bytes of memory, not of payload."""

    rmem_alloc: int
    rcvbuf: int
    sndbuf: int
    wmem_queued: int


def socket_memory(sock: socket.socket) -> SocketMemory:
    """The memory that the kernel has charged to this socket."""
    return unpack_memory(sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 36))


def unpack_memory(raw: bytes) -> SocketMemory:
    """The memory in the kernel's array of ``SK_MEMINFO_VARS`` numbers (include/uapi/linux/sock_diag.h)."""
    return SocketMemory._make(_MEMINFO.unpack_from(raw))
