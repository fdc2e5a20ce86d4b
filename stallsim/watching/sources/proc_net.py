"""Readings by /proc/PID/net/tcp and tcp6, of any visible process's network namespace: queues and timers,
but no window.

The only right needed is to see the process (proc(5); no hidepid). These files contain no windows, counts or
ages, so the words are weaker: nothing in them proves a stall.
"""

import os
import socket
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...errors import Unavailable
from ...kernel.diag_socket import DiagSocket, SocketId, TcpState, Timer
from ...kernel.sock_diag import CONNECTED, LISTENING
from ._base import Raw

_FILES = ((socket.AF_INET, "tcp"), (socket.AF_INET6, "tcp6"))
_WORDS_OF_ADDRESS = {socket.AF_INET: 1, socket.AF_INET6: 4}
_HZ = 100
"""USER_HZ, the unit of the times in the file, per second."""
_NO_SUCH_TIMER = 4


class ProcNet:
    """The source for the network namespace of process ``pid``."""

    def __init__(self, pid: int, why: str = "") -> None:
        self._pid = pid
        self.words = f"/proc/{pid}/net/tcp"
        self.missing = (
            "no window, no age, no rate: only queues and timers are seen, and a stall cannot be confirmed"
            f"{f' ({why})' if why else ''}"
        )
        if pid != os.getpid():
            self.missing += f"; as root: nsenter --target {pid} --net stallsim watch"

    def listeners(self) -> list[DiagSocket]:
        return list(self._read(LISTENING))

    def connections(self, port: int, families: tuple[int, ...]) -> Sequence[Raw]:
        found = self._read(CONNECTED)
        return [one for one in found if port in (0, one.id.own_port) and one.id.family in families]

    def peer(self, end: DiagSocket) -> DiagSocket | None:
        return None

    def close(self) -> None:
        pass

    def _read(self, states: int) -> Iterator[DiagSocket]:
        for family, name in _FILES:
            try:
                text = Path(f"/proc/{self._pid}/net/{name}").read_text(encoding="utf-8")
            except FileNotFoundError:
                if Path(f"/proc/{self._pid}").exists():
                    continue  # a kernel without IPv6
                raise self._gone("there is no such process any more") from None
            except OSError as error:
                raise self._gone(error.strerror or "it cannot be read") from None
            for line in text.splitlines()[1:]:
                found = parse_line(line, family)
                if states >> found.state & 1:
                    yield found

    def _gone(self, reason: str) -> Unavailable:
        return Unavailable(
            f"/proc/{self._pid}/net", reason, "name a process that is running and that this user may see"
        )


def parse_line(line: str, family: int) -> DiagSocket:
    """Parse one line (Documentation/networking/proc_net_tcp.rst). The file has no cookie, so a hash of both
    ends' addresses replaces it.
    """
    _, own, peer, state, queues, timer, retrans, uid, unanswered, inode, *_ = line.split()
    own_raw, own_port = _end(own, family)
    peer_raw, peer_port = _end(peer, family)
    wqueue, rqueue = (int(one, 16) for one in queues.split(":"))
    kind, expires = timer.split(":")
    which = int(kind, 16)
    known = Timer(which) if which <= _NO_SUCH_TIMER else Timer.OFF
    cookie = hash((own_raw, own_port, peer_raw, peer_port)) & (2**63 - 1)
    return DiagSocket(
        state=TcpState(int(state, 16)),
        timer=known,
        retrans=int(unanswered) if known is Timer.PERSIST else int(retrans, 16),
        expires=int(expires, 16) * 1000 // _HZ,
        rqueue=rqueue,
        wqueue=wqueue,
        uid=int(uid),
        inode=int(inode),
        info=None,
        memory=None,
        congestion=None,
        id=SocketId(family, own_port, peer_port, own_raw, peer_raw, cookie),
    )


def _end(text: str, family: int) -> tuple[bytes, int]:
    """Parse ``0100007F:1F90``: 32-bit words in the machine's byte order, and a port."""
    host, port = text.split(":")
    words = [
        int(host[at : at + 8], 16)
        for at in range(0, 8 * _WORDS_OF_ADDRESS[socket.AddressFamily(family)], 8)
    ]
    order = "<" if sys.byteorder == "little" else ">"
    raw = struct.pack(f"{order}{len(words)}I", *words)
    return raw.ljust(16, b"\0"), int(port, 16)
