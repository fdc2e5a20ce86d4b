"""A private network stack that is set as the one in which a trace was taken."""

import fcntl
import socket
import struct

from stallsim.errors import StallsimError
from stallsim.kernel import private_stack

from .real_trace import RealTrace

_SIOCGIFMTU, _SIOCSIFMTU = 0x8921, 0x8922
_INITIAL_SEGMENTS = 10
"""TCP_INIT_CWND."""
_OVERHEAD_BYTES, _SK_BUFF_BYTES = 256 + 320, 256
"""MAX_TCP_HEADER and ``struct skb_shared_info``; ``struct sk_buff``: on 64 bits."""


def enter(trace: RealTrace) -> str:
    """Move this process, for good, into such a stack; why it cannot be done, or nothing."""
    settings = {f"net.ipv4.{name}": value for name, value in trace.header["meta"]["sysctl"].items()}
    remembered = remembered_reordering(trace)
    if remembered:
        settings["net.ipv4.tcp_reordering"] = str(remembered)
    try:
        private_stack.enter(settings)
        set_mtu(trace.header["meta"]["lo_mtu"])
    except (OSError, StallsimError) as error:
        return str(error)
    return ""


def loopback_mtu() -> int:
    """Of this stack, in bytes. Raises OSError."""
    with socket.socket() as sock:
        answer = fcntl.ioctl(sock, _SIOCGIFMTU, struct.pack("16si20x", b"lo", 0))
    return int(struct.unpack_from("i", answer, 16)[0])


def set_mtu(mtu: int) -> None:
    """Of this stack's loopback. Raises OSError."""
    if mtu != loopback_mtu():
        with socket.socket() as sock:
            fcntl.ioctl(sock, _SIOCSIFMTU, struct.pack("16si20x", b"lo", mtu))


def remembered_reordering(trace: RealTrace) -> int | None:
    """By how many segments earlier connections of the trace's stack had seen segments overtake each other.

    The kernel keeps that with the route (tcp_metrics), and makes a new connection's auto-tuned send buffer
    large enough for it (tcp_init_buffer_space, tcp_sndbuf_expand): two congestion windows, with bbr three,
    of so many segments and one. None where that buffer had its usual size.
    """
    first = trace.header["server_tcp"].get("mem_sndbuf")
    if trace.setup.sndbuf_bytes is not None or first is None:
        return None
    mss = trace.header["meta"]["lo_mtu"] - 40
    segment = (1 << (mss + _OVERHEAD_BYTES - 1).bit_length()) + _SK_BUFF_BYTES
    windows = 3 if trace.setup.congestion == "bbr" else 2
    segments = int(first // (segment * windows))
    return segments - 1 if segments > _INITIAL_SEGMENTS else None
