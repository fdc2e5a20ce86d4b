"""Input that nobody would give: command lines, URLs, headers, profiles, recordings; from a seed."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from stallsim.profile.folder import folder as profiles

from .campaign import Campaign
from .damage import HOSTILE_TEXT, damaged
from .in_process import call_within, faults_of
from .odd_files import FLEETS, RECORDINGS
from .offspring import Command, become_parent
from .processes import Ended

CLOSED = "ws://127.0.0.1:1/"
TEXTS = (
    *HOSTILE_TEXT,
    "\udcff",
    "é",
    "'",
    "=",
    ":",
    "a=b",
    "a: b",
    "Host: evil",
    "@/nonexistent",
    "@@",
    "-",
    "--",
    "-1",
    "1e999",
    "0",
    "nan",
    "inf",
    "10" * 40,
    "1s",
    "5MiB",
    "\\",
    "../../etc/passwd",
    "/dev/null",
    "none",
    "all,all",
)
PROBE_OPTIONS = (
    "--header",
    "--cookie",
    "--token",
    "--token-file",
    "--subprotocol",
    "--hello",
    "--reply",
    "--ca",
    "--pid",
    "--watch",
    "--for",
    "--stop-at",
    "--timeout",
    "--start-timeout",
    "--keepalive",
    "--fail-on",
    "--max-queue",
    "--must-close-within",
    "--profile",
)
PROFILE_KEYS = (
    "ticks",
    "stream.frame",
    "stream.interval",
    "server.policy",
    "server.sndbuf",
    "server.guards.ping-timeout.after",
    "clients.0.kind",
    "clients.sleeper.rcvbuf",
    "clients.99.count",
    "expect.0.metric",
    "stack.sysctl",
    "",
    ".",
    "a.b.c.d",
)
FURTHER_OPTIONS = (
    "--clients",
    "--rate",
    "--mix",
    "--wake",
    "--interval",
    "--after",
    "--fail-on",
    "--metrics",
    "--on-stall",
    "--probe",
)
OF_RECORDINGS = (
    ("replay", "{}", "--plain"),
    ("replay", "{}", "--json"),
    ("diff", "{}", "{}"),
    ("report", "{}", "-o", "-"),
)
FIELD_NAMES = (
    "a",
    "X-A",
    "Host",
    "Connection",
    "Sec-WebSocket-Key",
    "Content-Length",
    "Cookie",
    "Authorization",
    "",
)
SCHEMES = ("ws", "wss", "http", "https", "ws+unix", "http+unix", "WS", "file", "gopher", "")
HOSTS = (
    "127.0.0.1",
    "localhost",
    "[::1]",
    "[",
    "8.8.8.8",
    "0",
    "127.1",
    "0x7f000001",
    "a..b",
    "é.example",
    "x" * 300,
)
PORTS = ("", ":1", ":0", ":-1", ":65536", ":99999999999999999999", ":x", ":", ":1:2", ":\u0661")
COUNT = 10_000
_WITHIN_S = 60.0
_FORKED = 10
"""One in so many has a process of its own."""


def text(draw: random.Random) -> str:
    return draw.choice(TEXTS)


def command_line(draw: random.Random, folder: Path) -> Iterator[str]:
    """A command, and words that may or may not mean something to it."""
    match draw.randrange(7):
        case 0:
            yield from ("probe", draw.choice([CLOSED, text(draw), f"{CLOSED}{text(draw)}"]))
            for _ in range(draw.randint(0, 3)):
                yield from (draw.choice(PROBE_OPTIONS), text(draw))
            yield "--plain"
        case 1:
            yield from ("show", draw.choice(["sleeping-tab", "soak-mixed", text(draw)]))
            for _ in range(draw.randint(0, 3)):
                yield from ("--set", f"{draw.choice((*PROFILE_KEYS, text(draw)))}={text(draw)}")
        case 2:
            yield from (draw.choice(["replay", "report"]), draw.choice([text(draw), str(folder)]))
        case 3:
            yield from (draw.choice(["diff", "compare"]), text(draw), text(draw))
        case 4:
            yield from ("matrix", draw.choice(["--policy", "--guard", "--client"]), f"x{text(draw)}")
        case 5:
            yield from (draw.choice(["fleet", "watch", "tour", "list", "schema"]), f"x{text(draw)}")
            yield from (draw.choice(FURTHER_OPTIONS), text(draw))
        case _:
            yield from (text(draw) for _ in range(draw.randint(1, 4)))


def url(draw: random.Random, _folder: Path) -> Iterator[str]:
    """Where nobody listens, if anywhere."""
    paths = ("", "/", "/a?token=b", "?", "#", f"/{text(draw)}", f"/{'x' * draw.choice((10, 100_000))}", "@")
    rest = draw.choice(paths)
    place = f"{draw.choice(('//', '/', ''))}{draw.choice(HOSTS)}{draw.choice(PORTS)}"
    written = f"{draw.choice(SCHEMES)}:{place}{rest}"
    yield from (draw.choice(("probe", "probe", "fleet")), written)


def header(draw: random.Random, _folder: Path) -> Iterator[str]:
    """Of the opening handshake."""
    yield from ("probe", CLOSED, "--plain")
    for _ in range(draw.randint(1, 4)):
        match draw.randrange(4):
            case 0:
                name = draw.choice((*FIELD_NAMES, text(draw)))
                yield from ("--header", f"{name}{draw.choice((': ', ':', '', ' : '))}{text(draw)}")
            case 1:
                yield from ("--cookie", f"{draw.choice(('a', '', text(draw)))}={text(draw)}")
            case 2:
                yield from ("--token", text(draw))
            case _:
                yield from ("--subprotocol", text(draw))


def profile(draw: random.Random, folder: Path) -> Iterator[str]:
    """One of ours after an accident; what can still be read may be run, for a few ticks."""
    whole = draw.choice(sorted(profiles().glob("*.toml"))).read_bytes()
    for _ in range(draw.randint(1, 3)):
        whole = draw.choice(_TOML_ACCIDENTS)(whole, draw)
    path = folder / "profile.toml"
    path.write_bytes(whole)
    yield from (("show", str(path)), ("run", str(path), "--json", "--duration", "50ms"))[
        draw.random() < 0.3
    ]


def _toml_bytes(whole: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(whole) + 1)
    return whole[:place] + draw.randbytes(draw.randint(0, 4)) + whole[place + draw.randint(0, 4) :]


def _toml_value(whole: bytes, draw: random.Random) -> bytes:
    lines = whole.split(b"\n")
    places = [place for place, line in enumerate(lines) if b" = " in line]
    if places:
        place = draw.choice(places)
        lines[place] = lines[place].partition(b" = ")[0] + b" = " + draw.choice(_TOML_VALUES)
    return b"\n".join(lines)


def _toml_lines(whole: bytes, draw: random.Random) -> bytes:
    lines = whole.split(b"\n")
    one, other = (draw.randrange(len(lines)) for _ in range(2))
    if draw.random() < 0.5:
        lines.insert(one, lines[other])
    else:
        del lines[one]
    return b"\n".join(lines)


def _toml_key(whole: bytes, draw: random.Random) -> bytes:
    key = draw.choice(
        (b'""', b'"\\u001b[31m"', b"a.b.c", b"ticks", b"clients", "é".encode(), b"x" * 5000, b'"\\uFEFF"')
    )
    lines = whole.split(b"\n")
    lines.insert(draw.randrange(len(lines) + 1), key + b" = " + draw.choice(_TOML_VALUES))
    return b"\n".join(lines)


_TOML_VALUES = (
    *(
        b"0",
        b"-1",
        b"1",
        b"9223372036854775807",
        b"1e308",
        b"nan",
        b"-inf",
        b"true",
        b"[]",
        b"{}",
        b'""',
        b'"none"',
    ),
    *(
        b"[[[]]]",
        b'"\\u001b]0;PWN\\u0007"',
        b'"\\u009b31m"',
        b'"64KiB"',
        b'"0ms"',
        b'"-5ms"',
        b'"1e9h"',
        b"1979-05-27",
    ),
    *(
        b'"' + b"x" * 5000 + b'"',
        b"[" * 2000 + b"]" * 2000,
        b"{a = {b = {c = 1}}}",
        b'"unbounded"',
        b"2.5",
        b"64",
    ),
)
_TOML_ACCIDENTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _toml_bytes,
    _toml_value,
    _toml_value,
    _toml_value,
    _toml_lines,
    _toml_key,
)


def recording(draw: random.Random, folder: Path) -> Iterator[str]:
    """One of ours after an accident."""
    path = folder / "damaged.jsonl"
    path.write_bytes(damaged(draw.choice(RECORDINGS).read_bytes(), draw))
    yield from (word.format(path) for word in draw.choice(OF_RECORDINGS))


def fleet_profile(draw: random.Random, folder: Path) -> Iterator[str]:
    """A fleet's, after an accident; its server is not there."""
    whole = draw.choice(FLEETS).read_bytes()
    for _ in range(draw.randint(1, 3)):
        whole = draw.choice(_TOML_ACCIDENTS)(whole, draw)
    path = folder / "fleet.toml"
    path.write_bytes(whole)
    yield from ("fleet", CLOSED, "--profile", str(path), "--plain")


KINDS = (command_line, url, header, profile, recording, fleet_profile)


def attempt(draw: random.Random, number: int, folder: Path) -> Iterator[str]:
    """One of the kinds, in turn; most of them in this process, where a run must not be.

    No word of a command line has a NUL (execve(2)).
    """
    words = [word.replace("\0", "") for word in KINDS[number % len(KINDS)](draw, folder)]
    if number // len(KINDS) % _FORKED and words[0] != "run":
        ended = call_within(_WITHIN_S, *words)
        yield from (f"{fault}: {words} {ended.err[-400:]!r}" for fault in faults_of(ended))
        return
    command = Command(["-m", "stallsim", *words], folder, warm=True)
    code = command.ends(_WITHIN_S)
    if code is None:
        yield f"a hang: {_WITHIN_S:.0f} s: {words} {command.where()}"
        command.kill()
    else:
        yield from (
            f"{fault}: {words} {command.err[-400:]!r}"
            for fault in faults_of(Ended(code, command.out, command.err))
        )
    yield from (f"{fault}: {words}" for fault in command.left())


def campaigns() -> Iterator[Campaign]:
    yield Campaign("inputs", COUNT, attempt, become_parent)
