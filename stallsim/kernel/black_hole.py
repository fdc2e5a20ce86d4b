"""Half-open without a single packet leaving: the client's kernel drops every segment unseen.

A one-instruction classic BPF program, ``ret 0``, attached to the client's socket truncates every
arriving segment to nothing. No acknowledgement, no RST: to the server the network is gone.
"""

import ctypes
import socket
import struct

from ..errors import Unavailable

_SO_ATTACH_FILTER, _SO_DETACH_FILTER = 26, 27
_BPF_RET_0 = struct.pack("=HBBI", 0x06, 0, 0, 0)


def attach(sock: socket.socket) -> None:
    """From now on nothing arrives. Raises Unavailable without CAP_NET_ADMIN, where it is needed."""
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
    """From now on segments arrive again; what was dropped, its sender has to send again."""
    sock.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)


def require() -> None:
    """Raises Unavailable where this process may not attach the filter to a TCP socket."""
    with socket.socket() as sock:
        attach(sock)


def permitted() -> bool:
    """Whether this process may attach the filter to a TCP socket."""
    try:
        require()
    except Unavailable:
        return False
    return True
