"""Makes a connection half-open: the client's kernel drops every arriving segment before TCP processes it.

A classic BPF program of one instruction, ``ret 0``, is attached to the client's socket and truncates every
arriving segment to nothing. The server receives no acknowledgement and no RST, as if the network were
gone.
"""

import ctypes
import socket
import struct

from ..errors import Unavailable

_SO_ATTACH_FILTER, _SO_DETACH_FILTER = 26, 27
_BPF_RET_0 = struct.pack("=HBBI", 0x06, 0, 0, 0)


def attach(sock: socket.socket) -> None:
    """Drop all arriving segments from now on. Raises Unavailable if CAP_NET_ADMIN is needed and missing."""
    program = ctypes.create_string_buffer(_BPF_RET_0, len(_BPF_RET_0))
    fprog = struct.pack("@HP", 1, ctypes.addressof(program))
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, fprog)
    except OSError as error:
        raise Unavailable(
            "black hole",
            f"dropping segments on arrival is refused here ({error.strerror}); it needs CAP_NET_ADMIN",
            "use a private stack, which has it without root",
        ) from error


def detach(sock: socket.socket) -> None:
    """Let segments arrive again; the server must retransmit those that were dropped."""
    sock.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)


def require() -> None:
    """Raises Unavailable if this process may not attach the filter to a TCP socket."""
    with socket.socket() as sock:
        attach(sock)


def permitted() -> bool:
    """Whether this process may attach the filter to a TCP socket."""
    try:
        require()
    except Unavailable:
        return False
    return True
