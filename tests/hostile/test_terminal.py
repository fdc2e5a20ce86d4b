"""The terminal hangs up, or the program is stopped for good, while a dashboard is drawn."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from types import MappingProxyType

import pytest

from stallsim.errors import ExitCode
from stallsim.timeline.recording import load_recording
from tests.loopback.running import COMMAND, ENVIRONMENT
from tests.loopback.terminal import on_terminal

pytestmark = pytest.mark.loopback
_NOTHING: Mapping[str, str] = MappingProxyType({})
REALTIME = ("--set", "pace=realtime", "--set", "stream.interval=20ms")


@contextmanager
def drawing(
    *words: str,
    rows: int = 30,
    columns: int = 100,
    controlling: bool = True,
    more: Mapping[str, str] = _NOTHING,
) -> Iterator[tuple[subprocess.Popen[bytes], FileIO, FileIO]]:
    """The command, in the moment in which it has begun to draw; both ends of its terminal, which is its
    controlling terminal, or not; ``more`` of its environment.
    """
    ours, theirs = (FileIO(number, "rb+") for number in pty.openpty())
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
    environment = {key: value for key, value in ENVIRONMENT.items() if key != "COLUMNS"}
    with subprocess.Popen(
        ["setsid", *(["--ctty"] if controlling else []), *COMMAND, *words],
        env={**environment, "TERM": "xterm-256color", **more},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        try:
            seen = b""
            while b"\x1b[?1049h" not in seen:
                seen += os.read(ours.fileno(), 65536)
            yield process, ours, theirs
        finally:
            process.kill()  # it may be waiting for a terminal that nobody reads any more
            ours.close()
            theirs.close()


@pytest.mark.parametrize("controlling", [True, False], ids=["of its session", "of nobody's session"])
@pytest.mark.parametrize("more", [(), REALTIME], ids=["replayed", "live"])
def test_a_terminal_that_hangs_up_interrupts(
    more: tuple[str, ...], controlling: bool, tmp_path: Path
) -> None:
    """The kernel sends SIGHUP only to the session whose controlling terminal has hung up."""
    recording = tmp_path / "run.jsonl"
    words = ("run", "sleeping-tab", *more, "--record", str(recording))
    with drawing(*words, controlling=controlling) as (process, ours, theirs):
        theirs.close()
        ours.close()
        assert process.wait(30) == ExitCode.INTERRUPTED
    end = load_recording(recording).end
    assert end is not None
    assert end.interrupted == bool(more)


def test_sigquit_leaves_the_terminal_as_it_was() -> None:
    with drawing("run", "sleeping-tab", *REALTIME) as (process, ours, theirs):
        assert not termios.tcgetattr(theirs)[3] & termios.ECHO
        _wait_until_it_waits_for_a_reader(process)
        process.send_signal(signal.SIGQUIT)
        assert process.wait(30) == -signal.SIGQUIT
        assert termios.tcgetattr(theirs)[3] & termios.ECHO
        assert b"\x1b[?1049l" in _all(ours)


def test_an_error_with_a_long_list_is_wrapped_and_the_nearest_name_is_first() -> None:
    _, screen = on_terminal("run", "stop-readin", once=b"")
    lines = screen.replace("\r", "").splitlines()
    assert len(lines) > 1
    assert all(len(line) <= 100 for line in lines)
    assert " ".join(lines).startswith(
        "stallsim: unknown profile 'stop-readin'; did you mean 'stop-reading'?; "
    )
    assert "allowed: stop-reading," in " ".join(lines)


@pytest.mark.parametrize(
    ("rows", "columns", "environment"),
    [
        (30, 65535, {}),
        (65535, 100, {}),
        (30, 100, {"COLUMNS": "1000000"}),
        (30, 100, {"LINES": "1000000"}),
        (30, 100, {"COLUMNS": "999999999", "LINES": "999999999"}),
    ],
)
def test_a_terminal_said_to_be_very_large_is_still_quick(
    rows: int, columns: int, environment: dict[str, str]
) -> None:
    words = ("run", "sleeping-tab", *REALTIME)
    with drawing(*words, rows=rows, columns=columns, more=environment) as (process, ours, _):
        ours.write(b"q")
        drawn, end_s = 0, time.monotonic() + 60
        while process.poll() is None and time.monotonic() < end_s:
            drawn += len(_all(ours))
        assert process.returncode == ExitCode.INTERRUPTED
        assert drawn < 20_000_000


def _wait_until_it_waits_for_a_reader(process: subprocess.Popen[bytes]) -> None:
    """By the name of what it waits in, where the kernel tells it."""
    end_s = time.monotonic() + 5
    while Path(f"/proc/{process.pid}/wchan").read_text() != "wait_woken" and time.monotonic() < end_s:
        assert process.poll() is None


def _all(terminal: FileIO) -> bytes:
    seen = b""
    while select.select([terminal], [], [], 0.1)[0]:
        seen += os.read(terminal.fileno(), 65536)
    return seen
