"""Sets socket options explicitly, so that a run does not depend on a library's defaults."""

import socket
import struct
from contextlib import suppress

from ..errors import EnvironmentUnfit

_TCP_NOTSENT_LOWAT = 25
_NO_LIMIT = -1
"""-1 is the largest value of the kernel's unsigned int; 0 would mean the system's default, which may be
anything.
"""
LINGER_RST = struct.pack("=ii", 1, 0)
"""The value of SO_LINGER by which a socket is closed with RST."""


def set_sndbuf(sock: socket.socket, asked: int) -> None:
    """SO_SNDBUF; the kernel doubles it and turns auto-tuning off (socket(7))."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, asked)


def set_rcvbuf(sock: socket.socket, asked: int) -> None:
    """SO_RCVBUF; must come before ``connect()``, since the SYN fixes the window scale."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, asked)


def effective_buffers(sndbuf: int | None, rcvbuf: int | None) -> tuple[int, int]:
    """The buffer sizes in bytes that this kernel sets for these requests: it doubles them, within its
    limits.
    """
    with socket.socket() as sock:
        if sndbuf is not None:
            set_sndbuf(sock, sndbuf)
        if rcvbuf is not None:
            set_rcvbuf(sock, rcvbuf)
        which = (socket.SO_SNDBUF, socket.SO_RCVBUF)
        send, receive = (sock.getsockopt(socket.SOL_SOCKET, one) for one in which)
    return send, receive


def set_maxseg(sock: socket.socket, asked: int) -> None:
    """TCP_MAXSEG, before ``connect()``: the largest segment, header options included."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, asked)


def set_nodelay(sock: socket.socket, on: bool) -> None:
    """TCP_NODELAY."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, on)


def set_notsent_lowat(sock: socket.socket, asked: int | None) -> None:
    """TCP_NOTSENT_LOWAT: the socket is not writable while more than this is unsent; None means no limit."""
    sock.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, _NO_LIMIT if asked is None else asked)


def notsent_lowat(sock: socket.socket) -> int:
    """TCP_NOTSENT_LOWAT in force; without a limit, the largest value of the kernel's unsigned int."""
    raw = sock.getsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, 4)
    return int(struct.unpack("=I", raw)[0])


def set_user_timeout(sock: socket.socket, after_s: float) -> None:
    """TCP_USER_TIMEOUT (RFC 5482), in whole milliseconds."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, max(1, round(after_s * 1000)))


def set_keepalive(sock: socket.socket, idle_s: int, interval_s: int, count: int) -> None:
    """SO_KEEPALIVE, and the times of its probes (tcp(7))."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, True)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle_s)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval_s)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, count)


def set_congestion(sock: socket.socket, name: str) -> None:
    """TCP_CONGESTION. Raises EnvironmentUnfit if this kernel lacks it, or this user may not use it."""
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, name.encode())
    except OSError as error:
        raise EnvironmentUnfit(
            f"congestion control {name!r}: {error.strerror}; "
            "allowed are those in /proc/sys/net/ipv4/tcp_allowed_congestion_control"
        ) from error


def congestion(sock: socket.socket) -> str:
    """The congestion control in force."""
    raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
    return raw.rstrip(b"\0").decode()


def flush_delayed_ack(sock: socket.socket) -> None:
    """TCP_QUICKACK: send a delayed acknowledgement now, if the kernel allows it."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def finish(sock: socket.socket) -> None:
    """Send FIN after all queued bytes; without effect if the peer is gone."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_WR)


def abort(sock: socket.socket) -> None:
    """Close with RST (RFC 9293 3.10.5 ABORT); queued bytes are discarded at once."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RST)
    sock.close()
