"""Ways for a server to misbehave: those that have a name, and any number of others, drawn from a seed."""

import os
import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from stallsim.children.parent import end_with_parent
from tests.pure.raw_text import RAW

from .campaign import Campaign
from .damage import HOSTILE_TEXT
from .frames import frame, switching
from .in_process import faults_of
from .offspring import Command, become_parent, keep
from .processes import Ended
from .servers import BEHAVIOURS, ESCAPES, Behaviour, floods, listen, park, says, stream, streams_then

COUNT = 500
_WITHIN_S, _CODES = 150.0, {0, 3}
_FIELDS = (
    b"Server",
    b"Connection",
    b"Upgrade",
    b"Sec-WebSocket-Accept",
    b"Sec-WebSocket-Extensions",
    b"X-A",
)
_NO_CHUNKS = (b"g\r\n", b"0\r\n\r\n", b"-1\r\n", b"\xff" * 50)
_STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n"


def answered(draw: random.Random) -> Behaviour:
    """A good answer to the opening handshake after a few accidents, in pieces."""
    seed = draw.random()

    def behave(sock: socket.socket, request: bytes) -> None:
        own = random.Random(seed)
        answer = bytearray(switching(request, *_fields(own)))
        for _ in range(own.randint(0, 3)):
            place = own.randrange(len(answer))
            answer[place : place + own.randint(0, 4)] = own.randbytes(own.randint(0, 4))
        while answer:
            size = own.choice((1, 7, 100, 100_000))
            sock.sendall(answer[:size])
            del answer[:size]
            time.sleep(own.choice((0.0, 0.0, 0.01)))
        stream(sock, own.choice((0.5, 5.0, 30.0)))

    return behave


def _fields(draw: random.Random) -> Iterator[bytes]:
    for _ in range(draw.randint(0, 2)):
        name = draw.choice(_FIELDS)
        yield (
            name
            + b": "
            + draw.choice((ESCAPES, b"\xff", b"x" * 20_000, b"", b"a\r\n b", draw.randbytes(9)))
        )


def framed(draw: random.Random) -> Behaviour:
    """A good stream, and after a while frames that are none, or not now."""
    data = b"".join(_odd_frame(draw) for _ in range(draw.randint(1, 6)))
    return streams_then(data, draw.choice((0.0, 0.4, 0.8, 1.6)), resets=draw.random() < 0.3)


def _odd_frame(draw: random.Random) -> bytes:
    opcode, fin = draw.choice((0, 1, 1, 2, 3, 8, 9, 10, 11, 15)), draw.random() < 0.7
    payload = draw.choice(
        (b"", ESCAPES, draw.randbytes(20), b"\xc3\x28", b"\x03\xe8" + ESCAPES[:100], b"9" * 5000)
    )
    whole = bytearray(frame(opcode, payload, fin=fin))
    if draw.random() < 0.3:
        whole[draw.randrange(min(4, len(whole)))] ^= 1 << draw.randrange(8)
    return bytes(whole)


def flooded(draw: random.Random) -> Behaviour:
    """The same few frames, without a pause."""
    opcode = draw.choice((0, 1, 2, 9, 10))
    payload = draw.choice((b"", b"x", b"p" * 125, ESCAPES, b"x" * 60_000))
    first = frame(1, b"x", fin=False) if not opcode else b""
    return floods(frame(opcode, payload[: 125 if opcode > 7 else None], fin=opcode > 0) * 500, first)


def streamed(draw: random.Random) -> Behaviour:
    """An answer over HTTP: events or lines, their chunks damaged."""
    kind = draw.choice((b"text/event-stream", b"application/x-ndjson", b"text/plain", b"\xff", b""))
    text = draw.choice(HOSTILE_TEXT).encode(errors="surrogatepass")
    piece = b"data: " + text + b"\n\n"
    chunk = b"%x\r\n" % (len(piece) + draw.choice((0, 0, 0, 1, -1))) + piece + b"\r\n"
    pieces = [chunk] * draw.randint(1, 3000)
    if draw.random() < 0.5:
        pieces.insert(
            draw.randrange(len(pieces)),
            draw.choice(_NO_CHUNKS),
        )
    return says(_STREAM % kind, *pieces, parks_s=draw.choice((0.0, 5.0)))


def one_of_two(draw: random.Random) -> Behaviour:
    """Every other client, by its port, is served well: the witness, or the stalled one."""
    bad = draw.choice((answered, framed, flooded))(draw)

    def behave(sock: socket.socket, request: bytes) -> None:
        if sock.getpeername()[1] // 2 % 2:
            sock.sendall(switching(request))
            stream(sock, 30.0)
            park(sock, 1.0)
        else:
            bad(sock, request)

    return behave


_DRAWN = (answered, answered, framed, framed, framed, flooded, streamed, streamed, one_of_two)


def behaviour(number: int) -> tuple[str, Behaviour]:
    """And its name, which says whether it speaks HTTP alone. There is no last."""
    if number < len(BEHAVIOURS):
        return list(BEHAVIOURS.items())[number]
    number -= len(BEHAVIOURS)
    make = _DRAWN[number % len(_DRAWN)]
    return f"{make.__name__} {number}", make(random.Random(f"{make.__name__} {number}"))


_port = 0


def prepare() -> None:
    """Also the server that has them all, in a process of its own."""
    global _port  # noqa: PLW0603 - one for each process of the campaign
    become_parent()
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    _port = listening.getsockname()[1]
    pid = os.fork()
    if not pid:
        end_with_parent()
        Path("/proc/self/comm").write_bytes(b"\x1b[31m\xff\x9bPWN")
        listen(listening, lambda number: behaviour(number)[1])
        os._exit(0)
    keep(pid)
    listening.close()


def attempt(draw: random.Random, number: int, folder: Path) -> Iterator[str]:
    """A probe of one, or a fleet or a watch, in one of its forms."""
    name, _ = behaviour(number)
    scheme = "http" if name.startswith("streamed") else "ws"
    url = f"{scheme}://127.0.0.1:{_port}/{number}"
    probe = ("probe", url, "--profile", draw.choice(("stop-reading", "sleeping-tab", "slow-reader")))
    bound = draw.choice((("--for", "1MiB", "--timeout", "20s"), ("--timeout", "3s"), ("--quick",)))
    words = draw.choice(
        (
            (*probe, *bound, "--plain"),
            (*probe, *bound, "--json"),
            (*probe, *bound, "--plain", "--junit", "probe.xml"),
            (*probe, *bound, "--plain", "--record", "probe.jsonl"),
            (*probe, *bound, "-o", "report.html", "-o", "report.md"),
            ("fleet", url, "--clients", "20", "--steps", "1", "--look", "500ms"),
            ("watch", f":{_port}", "--once", "--interval", "300ms"),
        )
    )
    if words[0] == "fleet" and scheme == "http":
        words = (*probe, *bound, "--verbose")
    command = Command(["-m", "stallsim", *words], folder, warm=True)
    code = command.ends(_WITHIN_S)
    if code is None:
        yield f"a hang: {_WITHIN_S:.0f} s: {name}: {words} {command.where()}"
        command.kill()
        return
    ended = Ended(code, command.out, command.err)
    yield from (f"{fault}: {name}: {words} {ended.err[-400:]!r}" for fault in faults_of(ended))
    if code not in _CODES:
        yield f"exit code {code}: {name}: {words} {ended.err[-400:]!r}"
    if not code and "--json" in words:
        msgspec.json.decode(ended.out)
    yield from (f"{fault}: {name}: {words}" for fault in command.left())
    for file in folder.glob("report.*"):
        if found := RAW.search(file.read_text()):
            yield f"{found[0]!r} in {file.name}: {name}: {words}"
    if not code and "--record" in words:
        again = Command(["-m", "stallsim", "replay", "probe.jsonl", "--plain"], folder, warm=True)
        code = again.ends(_WITHIN_S)
        yield from (
            f"{fault}: replay of {name}" for fault in faults_of(Ended(code or 0, again.out, again.err))
        )


def campaigns() -> Iterator[Campaign]:
    yield Campaign("servers", COUNT, attempt, prepare)
