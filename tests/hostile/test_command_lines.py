"""Command lines that nobody would write: one line of error and its exit code, no traceback, no raw byte."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from .damage import HOSTILE_TEXT
from .in_process import call, faults_of

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
SHORT, LONG = 100, 10_000


def command_line(draw: random.Random, folder: Path) -> Iterator[str]:
    """A command, and words that may or may not mean something to it."""

    def text() -> str:
        return draw.choice(TEXTS)

    match draw.randrange(6):
        case 0:
            yield from ("probe", draw.choice([CLOSED, text(), f"ws://127.0.0.1:1/{text()}"]))
            for _ in range(draw.randint(0, 3)):
                yield from (draw.choice(PROBE_OPTIONS), text())
            yield "--plain"
        case 1:
            yield from ("show", draw.choice(["sleeping-tab", "soak-mixed", text()]))
            for _ in range(draw.randint(0, 3)):
                yield from ("--set", f"{draw.choice((*PROFILE_KEYS, text()))}={text()}")
        case 2:
            yield from (draw.choice(["replay", "report"]), draw.choice([text(), str(folder)]))
        case 3:
            yield from ("diff", text(), text())
        case 4:
            yield from ("matrix", draw.choice(["--policy", "--guard", "--client"]), f"x{text()}")
        case _:
            yield from (text() for _ in range(draw.randint(1, 4)))


def tried(count: int, folder: Path) -> None:
    for number in range(count):
        words = list(command_line(random.Random(f"command line {number}"), folder))
        ended = call(*words)
        assert list(faults_of(ended)) == [], f"seed {number}: {words} {ended.err.decode()}"


def test_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tried(SHORT, tmp_path)


@pytest.mark.nightly
def test_very_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tried(LONG, tmp_path)
