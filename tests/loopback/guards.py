"""``python -m tests.loopback.guards STACK``: measures how the kernel's guards treat each kind of peer.

Plain sockets, nothing of our server: every guard with every peer at once, in a private stack, while ``ss``
is asked and every packet captured. Prints the cells as JSON (docs/kernel-timers.md).
"""

import errno
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from stallsim.errors import Unavailable
from stallsim.kernel import black_hole, private_stack

from .witnesses import resets, ss, start_capture

RUN_S = 6.0
"""Every guard that ends a connection does so within 3.5 s."""
FORBIDDEN = 77
"""Exit code where private stacks are forbidden."""
_STEP_S, _SS_S = 0.01, 0.25
_TCP, _TCP_USER_TIMEOUT, _SO_DETACH_FILTER = socket.IPPROTO_TCP, 18, 27
USER_TIMEOUT_S, KEEPALIVE_S = 1.0, 3.0
"""The settings below; keepalive's is idle + count x interval."""
_USER_TIMEOUT = ((_TCP, _TCP_USER_TIMEOUT, 1000),)
_KEEPALIVE = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (_TCP, socket.TCP_KEEPIDLE, 1),
    (_TCP, socket.TCP_KEEPINTVL, 1),
    (_TCP, socket.TCP_KEEPCNT, 2),
)
_NOTSENT_LOWAT = ((_TCP, 25, 16384),)
STACKS: dict[str, tuple[dict[str, str | int], dict[str, tuple[tuple[int, int, int], ...]]]] = {
    "defaults": (
        {},
        {
            "none": (),
            "user-timeout": _USER_TIMEOUT,
            "keepalive": _KEEPALIVE,
            "both": _KEEPALIVE + _USER_TIMEOUT,
            "notsent-lowat": _NOTSENT_LOWAT,
        },
    ),
    "overdue": ({"net.ipv4.tcp_retries2": 2}, {"retries2": (), "retries2 + keepalive": _KEEPALIVE}),
}
"""By the stack's name: its sysctls, and the guards that are tried in it."""
PEERS = {
    "zero-window": None,
    "shut-then-gone": None,
    "gone-with-data": None,
    "gone-idle": None,
    "pauses": 0.25,
    "naps": 3.0,
    "drips": None,
}
"""The period in seconds at which a peer reads all that there is."""
_DRIP_BYTES = 1
_MESSAGE = b"x" * 100
_FLOOD = b"x" * 65536


class Cell(msgspec.Struct):
    """One connection: a guard on the server's socket, a peer, and what was seen of it."""

    guard: str
    peer: str
    port: int
    ended_s: float | None = None
    error: str | None = None
    """The server's SO_ERROR."""
    timers: list[str] = []
    """What ``ss -o`` called the server's timer while there was data to send (of ``gone-idle``: at all),
    each once, in order."""
    left: bool = False
    """``ss`` lists the server's socket still, when all is over."""
    peer_state: str = ""
    resets: int | None = None
    """Segments with RST to the peer before anybody wakes it; None without tshark."""
    woken: str = ""
    """What becomes of a peer whose server has ended the connection, when it reads and writes again."""


class _Ends(NamedTuple):
    server: socket.socket
    peer: socket.socket


def main(stack: str) -> int:
    """Run every cell of one stack and print them as JSON."""
    sysctl, guards = STACKS[stack]
    try:
        private_stack.enter(sysctl)
    except Unavailable as unavailable:
        print(unavailable, file=sys.stderr)
        return FORBIDDEN
    with (
        socket.create_server(("127.0.0.1", 0), backlog=256) as listener,
        tempfile.TemporaryDirectory() as folder,
    ):
        packets = Path(folder, "packets")
        capture = start_capture(packets) if shutil.which("tshark") else None
        cells: dict[int, tuple[Cell, _Ends]] = {}
        for guard, options in guards.items():
            for peer in PEERS:
                ends = _connect(listener, options)
                port = ends.peer.getsockname()[1]
                cells[port] = (Cell(guard, peer, port), ends)
        _watch(cells, listener.getsockname()[1])
        told = resets(capture, packets) if capture else None
        for cell, ends in cells.values():
            cell.resets = None if told is None else told.count(cell.port)
            if cell.error and not cell.woken:
                cell.woken = _wake(ends.peer)
        print(msgspec.json.encode([cell for cell, _ in cells.values()]).decode())
    return 0


def _connect(listener: socket.socket, options: Iterable[tuple[int, int, int]]) -> _Ends:
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    peer.setsockopt(_TCP, socket.TCP_MAXSEG, 1312)
    peer.connect(listener.getsockname())
    server, _ = listener.accept()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    server.setsockopt(_TCP, socket.TCP_CONGESTION, b"reno")
    for option in options:
        server.setsockopt(*option)
    server.send(_MESSAGE)
    peer.recv(len(_MESSAGE))
    server.setblocking(False)
    peer.setblocking(False)
    return _Ends(server, peer)


def _watch(cells: dict[int, tuple[Cell, _Ends]], port: int) -> None:
    """Let every peer act for ``RUN_S`` and note when the server's kernel gives it up."""
    started = time.monotonic()
    for cell, ends in cells.values():
        if cell.peer.startswith("gone"):
            black_hole.attach(ends.peer)
        if cell.peer != "gone-idle":
            _flood(ends.server)
    due = dict.fromkeys(cells, started)
    asked = started
    while (now := time.monotonic()) - started < RUN_S:
        for number, (cell, ends) in cells.items():
            if cell.error is None:
                _look(cell, ends.server, now - started)
            period = PEERS[cell.peer]
            if cell.peer == "drips":
                with suppress(OSError):
                    ends.peer.recv(_DRIP_BYTES)
            elif period and now >= due[number]:
                due[number] = now + period
                cell.woken = cell.woken or _read_all(ends.peer)
        if now >= asked:
            asked = now + _SS_S
            for number, words in ss("sport", port).items():
                cell, ends = cells[number]
                timer = re.search(r"timer:\((\w+)", words)
                waiting = int(words.split()[2]) or cell.peer == "gone-idle"
                if timer and waiting and timer[1] not in cell.timers:
                    cell.timers.append(timer[1])
                    if timer[1] == "persist" and cell.peer == "shut-then-gone":
                        black_hole.attach(ends.peer)
        time.sleep(_STEP_S)
    left, peers = ss("sport", port), ss("dport", port)
    for number, (cell, _) in cells.items():
        cell.left = number in left
        cell.peer_state = peers[number].split()[0] if number in peers else "-"


def _look(cell: Cell, server: socket.socket, now: float) -> None:
    try:
        number = server.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not number and cell.peer != "gone-idle":
            _flood(server)
    except OSError as error:  # between the question and the write
        number = error.errno or 0
    if number:
        cell.ended_s, cell.error = now, errno.errorcode[number]


def _flood(server: socket.socket) -> None:
    with suppress(BlockingIOError):
        while True:
            server.send(_FLOOD)


def _read_all(peer: socket.socket) -> str:
    """Read until there is nothing more; how the connection ended, if it has."""
    try:
        while peer.recv(65536):
            pass
    except BlockingIOError:
        return ""
    except OSError as error:
        return f"reads, {errno.errorcode[error.errno or 0]}"
    return "reads, end of file"


def _wake(peer: socket.socket) -> str:
    """Its network is back, and it reads all that there is; then it says something."""
    with suppress(OSError):
        peer.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)
    for _ in range(2):  # reading opens the window, and the update is what the RST answers
        if ended := _read_all(peer):
            return ended
    with suppress(OSError):
        peer.send(b"x")
    return _read_all(peer).replace("reads", "writes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
