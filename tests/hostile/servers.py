"""Servers that break every rule, by name: what they send before, in and after the opening handshake."""

import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from .frames import frame, switching

_LIVES_S = 60.0
ESCAPES = (
    b"\x1b]0;PWN\x07\x1b[31mPWN\x1b[0m[bold red]PWN[/bold red]\x7f\x08"
    + "PWN\x9b31m\x9d0;x\x9c\u202e\u2066\ufeff".encode()
)
Behaviour = Callable[[socket.socket, bytes], None]
"""Is given the connection and the client's request."""


def says(*pieces: bytes, parks_s: float = 0.0) -> Behaviour:
    """Sends that instead of an answer, and stays for a while."""

    def behave(sock: socket.socket, _request: bytes) -> None:
        for piece in pieces:
            sock.sendall(piece)
        park(sock, parks_s)

    return behave


def answers(*fields: bytes, first: bytes = b"", replace: tuple[bytes, bytes] = (b"", b"")) -> Behaviour:
    """Opens the WebSocket with odd fields, and streams."""

    def behave(sock: socket.socket, request: bytes) -> None:
        sock.sendall(first + switching(request, *fields).replace(*replace, 1))
        stream(sock)

    return behave


def floods(piece: bytes, first: bytes = b"") -> Behaviour:
    """The same frames, as fast as they go."""

    def behave(sock: socket.socket, request: bytes) -> None:
        sock.sendall(switching(request) + first)
        while True:
            sock.sendall(piece)

    return behave


def streams_then(data: bytes, after_s: float, *, resets: bool = False) -> Behaviour:
    """A good stream, and after a while that; RST where it ``resets``."""

    def behave(sock: socket.socket, request: bytes) -> None:
        sock.sendall(switching(request))
        stream(sock, after_s)
        sock.settimeout(2)
        sock.sendall(data)
        if resets:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            park(sock, 5.0)

    return behave


def stream(sock: socket.socket, lasts_s: float = _LIVES_S) -> None:
    end_s, number = time.monotonic() + lasts_s, 0
    while (left_s := end_s - time.monotonic()) > 0:
        sock.settimeout(max(0.05, left_s))
        with suppress(TimeoutError):
            sock.sendall(frame(1, b"%08d" % number + b"x" * 6000))
        number += 1
        time.sleep(0.002)


def park(sock: socket.socket, seconds: float) -> None:
    sock.settimeout(seconds or 0.01)
    with suppress(TimeoutError):
        while sock.recv(65536):
            pass


BEHAVIOURS: dict[str, Behaviour] = {
    "closes": says(),
    "noise": says(random.Random(1).randbytes(2000), parks_s=5),
    "ssh": says(b"SSH-2.0-OpenSSH_9.2\r\n", parks_s=20),
    "half a head": says(b"HTTP/1.1 101 X\r\nUpgra"),
    "endless header": says(b"HTTP/1.1 101 X\r\n", *([b"X-A: " + b"a" * 60_000 + b"\r\n"] * 50), parks_s=5),
    "refused with escapes": says(b"HTTP/1.1 403 " + ESCAPES + b"\r\nContent-Length: 0\r\n\r\n"),
    "moved": says(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"),
    "interim": answers(first=b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "server with escapes": answers(b"Server: \x9b31m\x9d0;PWN\x9c" + ESCAPES.replace(b"\x08", b"")),
    "latin-1 connection": answers(replace=(b"Connection: Upgrade", b"Connection: \xff")),
    "latin-1 extension": answers(b"Sec-WebSocket-Extensions: \xff"),
    "latin-1 protocol": answers(b"Sec-WebSocket-Protocol: \xff\xfe"),
    "extension not offered": answers(b"Sec-WebSocket-Extensions: permessage-deflate"),
    "protocol not offered": answers(b"Sec-WebSocket-Protocol: evil"),
    "pongs": floods(frame(10, b"p") * 5000),
    "pings": floods(frame(9, b"p" * 100) * 500),
    "empty texts": floods(frame(1) * 10_000),
    "empty fragments": floods(frame(0, fin=False) * 5000, frame(1, b"x", fin=False)),
    "fragments": floods(frame(0, b"x" * 60_000, fin=False), frame(2, b"x", fin=False)),
    "one endless frame": floods(b"x" * 65536, b"\x82\x7f" + struct.pack(">Q", 2**62)),
    "texts with escapes": floods(frame(1, (b'{"seq": 1, "x": "' + ESCAPES + b'"}') * 20)),
    "distinct digits": floods(b"".join(frame(1, b"9" * 4000 + b"%d" % n) for n in range(50))),
    "reserved bit": streams_then(b"\xf1\x05hello", 0.8),
    "masked": streams_then(b"\x81\x85\x01\x02\x03\x04hello", 1.4),
    "length of 2^63": streams_then(b"\x82\x7f" + struct.pack(">Q", 2**63), 0.8),
    "text that is not UTF-8": streams_then(frame(1, b"\xc3\x28"), 1.4),
    "close with escapes": streams_then(frame(8, b"\x03\xe8" + ESCAPES[:100]), 1.4),
    "close code 65535": streams_then(frame(8, b"\xff\xffwhy"), 0.8),
    "close that is not UTF-8": streams_then(frame(8, b"\x03\xe8\xff\xfe"), 1.4),
    "half a frame": streams_then(frame(1, b"x" * 6000)[:3000], 0.8, resets=True),
    "HTTP in the middle": streams_then(b"HTTP/1.1 200 OK\r\n\r\n", 0.8),
    "reset": streams_then(b"", 1.4, resets=True),
}


@contextmanager
def serving() -> Iterator[int]:
    """The port: the path of a request says which behaviour is wanted, by its place."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        behaviours = list(BEHAVIOURS.values())
        threading.Thread(target=listen, args=(listening, behaviours.__getitem__), daemon=True).start()
        yield listening.getsockname()[1]


def listen(listening: socket.socket, behaviour: Callable[[int], Behaviour]) -> None:
    """Serve whoever comes, until the socket is closed."""
    with suppress(OSError):
        while True:
            sock, _ = listening.accept()
            threading.Thread(target=_serve, args=(sock, behaviour), daemon=True).start()


def _serve(sock: socket.socket, behaviour: Callable[[int], Behaviour]) -> None:
    with sock, suppress(OSError):
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            piece = sock.recv(65536)
            if not piece:
                return
            request += piece
        place = int(request.split(b" ")[1].strip(b"/") or b"0")
        sock.settimeout(_LIVES_S)
        behaviour(place)(sock, request)
