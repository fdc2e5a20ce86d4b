"""A signal at any moment of any command: exit code 130, or that of a command which had ended."""

import fcntl
import os
import random
import select
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from stallsim.errors import ExitCode
from tests.loopback.running import COMMAND, ENVIRONMENT, REALTIME

from .odd_files import RECORDINGS
from .processes import running

pytestmark = pytest.mark.loopback
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONG_RUN = ("run", "sleeping-tab", *(word for key in REALTIME for word in ("--set", key)))
COMMANDS = {"a run": ("run", "sleeping-tab", "--plain"), "a long run": LONG_RUN}


def signalled(words: tuple[str, ...], number: signal.Signals, delay_s: float) -> None:
    with running(*words) as command:
        _begun(command.process.pid)
        time.sleep(delay_s)
        command.send(number)
        ended = command.ended()
        assert ended.faults == [], ended
        assert ended.code in (ExitCode.INTERRUPTED, ExitCode.PASS), ended
        assert command.survivors() == {}


def _begun(pid: int) -> None:
    """Wait until Python handles the signal: what comes before ends the interpreter, not the program."""
    mask = 1 << (signal.SIGHUP - 1)
    status = Path(f"/proc/{pid}/status")
    while not int(_field(status.read_text(), "SigCgt"), 16) & mask:
        if status.read_text().find("\nState:\tZ") >= 0:
            return
        time.sleep(0.001)


def _field(status: str, name: str) -> str:
    return next(line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:"))


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("name", ["a run", "a long run"])
def test_at_a_moment_of_the_imports_or_of_the_run(name: str, number: signal.Signals) -> None:
    signalled(COMMANDS[name], number, random.Random(f"{name} {number}").uniform(0.0, 0.8))


def test_nothing_is_imported_before_the_handlers_are_set() -> None:
    """Only what the interpreter has anyway: a signal that comes before them ends the process."""
    script = "import sys; had = set(sys.modules); import stallsim.__main__; print(*{*sys.modules} - had)"
    line = [COMMAND[0], "-c", script]
    ended = subprocess.run(line, check=True, env=ENVIRONMENT, capture_output=True, text=True)
    ours = {"stallsim", "stallsim.__main__", "stallsim.version"}
    assert set(ended.stdout.split()) <= {*ours, "_signal", "os"}


def test_a_second_one_does_not_wait_for_the_end(tmp_path: Path) -> None:
    """The first one changes nothing here, as if its cleaning up took for ever."""
    script = (
        "import signal, time\n"
        "from stallsim.signals import first_signal_calls\n"
        "with first_signal_calls(lambda: print('first', flush=True)):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    words = [COMMAND[0], "-c", script]
    with subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == b"first\n"
        time.sleep(0.6)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == ExitCode.INTERRUPTED


UNHEEDED = """
import os, signal, threading
from unittest import mock
from stallsim import signals
signals.raise_on_signals()
try:
    with mock.patch.object(signals, "_EFFECT_S", 0.2), signals.first_signal_calls(lambda: None):
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait()
except signals.Interrupted:
    signals.ignore_signals()
    print("interrupted")
"""


def test_a_signal_that_comes_to_nothing_is_raised_after_a_time() -> None:
    """As where the main thread waits for a thread that had no memory to start with (CPython)."""
    words = [COMMAND[0], "-c", UNHEEDED]
    ended = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=20)
    assert ended.stdout == "interrupted\n"


IGNORED = """
import os, signal, time
from stallsim.signals import Interrupted, raise_on_signals
at_once = signal.setitimer
def late(which, seconds):
    at_once(which, seconds)
    time.sleep(seconds * LATE)
def signalled():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)
def named():
    try:
        signalled()
    except BaseException as error:
        raise RuntimeError("error calling __set_name__") from error
class Ends:
    def __del__(self):
        END()
raise_on_signals()
try:
    signal.setitimer = lambda which, seconds: (late if seconds < 1 else at_once)(which, seconds)
    Ends()
    time.sleep(20)
except Interrupted:
    print("interrupted")
"""


@pytest.mark.parametrize("end", ["signalled", "named"])
@pytest.mark.parametrize("late", [0, 5])
def test_a_signal_is_not_lost_where_python_ignores_exceptions(end: str, late: int) -> None:
    """Also where the machine holds the hook up for so long that the next one comes within it."""
    words = [COMMAND[0], "-c", IGNORED.replace("END", end).replace("LATE", str(late))]
    ended = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=20)
    assert (ended.stdout, ended.stderr) == ("interrupted\n", "")


CONVERTED = """
import os, signal, sys
from stallsim import cli
class Named:
    def __set_name__(self, owner, name):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):
            pass
def imports():
    type("Owner", (), {"field": Named()})
cli.list_ = imports
sys.argv = ["stallsim", "list"]
cli.main()
"""


def test_a_signal_of_which_an_import_makes_another_exception_is_still_one() -> None:
    ended = subprocess.run([COMMAND[0], "-c", CONVERTED], check=False, env=ENVIRONMENT, capture_output=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (ExitCode.INTERRUPTED, b"", b"")


def test_a_hang_up_that_nohup_ignores_stays_ignored() -> None:
    words = ["nohup", *COMMAND, "run", "sleeping-tab", "--plain"]
    with subprocess.Popen(
        words, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        time.sleep(0.3)
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.PASS, err
    assert b"digest" in out


@pytest.mark.slow
def test_the_ends_of_children_are_heard_of_where_a_parent_ignores_them() -> None:
    """A process inherits that SIGCHLD is ignored; the kernel then keeps no exit code (signal(7))."""
    assert (
        _shell("matrix --policy disconnect --guard none --client no-pong", "trap '' CHLD;") == ExitCode.PASS
    )


@pytest.mark.parametrize(
    ("redirection", "code"),
    [
        (">/dev/full", ExitCode.ENVIRONMENT),
        (">/dev/full 2>&1", ExitCode.ENVIRONMENT),
        (">&- 2>&- <&-", ExitCode.PASS),
        ("2>/dev/full", ExitCode.PASS),
    ],
)
def test_streams_that_cannot_be_written_change_no_exit_code(redirection: str, code: ExitCode) -> None:
    assert _shell(f"run stop-reading {redirection}") == code


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("report", str(RECORDINGS[0]), "--format", "csv"),
        ("watch", "--interval", "20ms", "--json"),
        (*LONG_RUN, "--plain", "--set", "stream.interval=5ms"),
    ],
)
def test_a_signal_does_not_wait_for_the_reader_of_a_pipe(words: tuple[str, ...]) -> None:
    """What was printed before and not read is dropped."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    full = select.poll()
    full.register(writing, select.POLLOUT)
    with (
        socket.create_server(("127.0.0.1", 0)),  # there is something to watch
        subprocess.Popen([*COMMAND, *words], env=ENVIRONMENT, stdout=writing) as process,
    ):
        while full.poll(0):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(25) == ExitCode.INTERRUPTED
        finally:
            process.kill()
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-", "2> >(true)"])
def test_a_complaint_that_nobody_can_read_is_still_exit_2(redirection: str) -> None:
    assert _shell(f"run nope {redirection}") == ExitCode.USAGE


@pytest.mark.parametrize("words", ["--version", "run --help", "list"])
def test_what_click_prints_may_have_no_reader(words: str) -> None:
    assert _shell(f"{words} | true; exit ${{PIPESTATUS[0]}}") == ExitCode.PASS


def _shell(words: str, before: str = "") -> int:
    line = ["bash", "-c", f"{before} {' '.join(COMMAND)} {words}"]
    return subprocess.run(line, check=False, env=ENVIRONMENT, timeout=60, capture_output=True).returncode


@pytest.mark.parametrize("kib", [20_000, 43_000, 51_200])
def test_too_little_address_space_is_told_and_hangs_nothing(kib: int) -> None:
    """At 43,000 KiB a probe hung: memory was refused to a thread that CPython then waited for."""
    line = f"ulimit -v {kib}; exec {' '.join(COMMAND)} probe ws://127.0.0.1:1/"
    ended = subprocess.run(
        ["bash", "-c", line], check=False, env=ENVIRONMENT, timeout=60, capture_output=True
    )
    said = f"stallsim: a command needs 65,536 KiB of address space, and this process may have {kib:,} KiB"
    assert ended.stderr.decode().startswith(said)
    assert ended.returncode == ExitCode.ENVIRONMENT
