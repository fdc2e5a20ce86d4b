"""kill -9 at any moment: no server, helper or namespace is left, and recordings are whole lines."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from stallsim.api.running import run_blocking
from stallsim.children.isolated import python_words
from stallsim.children.program import Program
from stallsim.errors import EnvironmentUnfit
from tests.loopback.running import ENVIRONMENT

from .processes import Running, running

pytestmark = pytest.mark.loopback
SERVER = """
import os, sys, socket
sock = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            socket.socket().close()
            __import__("time").sleep(1)
    os._exit(0)
while True:
    __import__("time").sleep(1)
"""
"""It listens and answers nothing; a child of a child lives in a session of its own, an orphan."""


@pytest.fixture
def exec_server(tmp_path: Path) -> str:
    path = tmp_path / "server.py"
    path.write_text(SERVER)
    return f"{sys.executable} {path}"


def probing(exec_server: str, recording: Path) -> tuple[str, ...]:
    return ("probe", "--exec", exec_server, "ws://127.0.0.1:0/", "--record", str(recording))


def test_nothing_is_left_of_what_started_a_server(exec_server: str, tmp_path: Path) -> None:
    recording = tmp_path / "recording"
    with running(*probing(exec_server, recording)) as command:
        _await_descendants(command, 4)  # the subreaper, the shell or the server, the orphan
        command.send(signal.SIGKILL)
        command.process.wait(10)
        assert command.survivors() == {}


def test_nothing_is_left_of_a_probe_that_is_interrupted(exec_server: str, tmp_path: Path) -> None:
    with running(*probing(exec_server, tmp_path / "recording")) as command:
        _await_descendants(command, 4)
        command.send(signal.SIGINT)
        ended = command.ended()
        assert (ended.code, ended.faults) == (130, []), ended
        assert command.survivors() == {}


def test_a_subreaper_that_is_killed_takes_the_server_with_it(tmp_path: Path) -> None:
    server = tmp_path / "server.py"
    server.write_text(SERVER.replace("if os.fork() == 0", "if False"))
    command_line = probing(f"exec {sys.executable} {server}", tmp_path / "recording")
    with running(*command_line) as command:
        _await_descendants(command, 2)
        (subreaper,) = psutil.Process(command.process.pid).children()
        subreaper.kill()
        ended = command.ended()
        assert (ended.code, ended.faults) == (3, []), ended
        assert command.survivors() == {}


def _await_descendants(command: Running, count: int) -> None:
    end_s = time.monotonic() + 30
    while len(command.descendants()) < count:
        assert time.monotonic() < end_s, command.descendants()
        time.sleep(0.02)


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


def test_a_program_that_leaves_for_the_background_is_ended_and_counted() -> None:
    with Program(_python("import os, time; os.fork() or (os.setsid(), time.sleep(600))"), {}) as program:
        while not program.gone:
            time.sleep(0.01)
        status = program.status()
    assert (status.code, status.descendants) == (0, 1)
    assert program.ended


def test_a_program_that_ignores_sigterm_is_killed() -> None:
    code = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    with Program(_python(code), {}) as program:
        while "deaf" not in program.status().output:
            time.sleep(0.01)
    assert program.status().code is None
    assert program.ended


def test_a_gigabyte_of_output_is_bounded_and_its_end_is_whole() -> None:
    code = """
        import os
        for n in range(3000):
            os.write(1, (b"%08d\\n" % n) * 4096)
        os.write(1, b"the end")
    """
    with Program(_python(code), {}) as program:
        while not program.gone:
            time.sleep(0.01)
        output = program.status().output
    assert output.endswith("00002999\nthe end")
    assert len(output) <= 4000


def test_what_cannot_be_started_is_said_in_a_line() -> None:
    with pytest.raises(EnvironmentUnfit, match=r"^/nowhere: No such file or directory$"):
        Program(["/nowhere"], {})


def test_no_module_of_the_current_folder_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("random", "queue", "selectors", "trio"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a module of the current folder')\n")
    monkeypatch.chdir(tmp_path)
    assert run_blocking("stop-reading").verdict == "pass"


def test_a_helper_that_nobody_waits_for_any_more_says_nothing() -> None:
    """Its answer meets a pipe without a reader; what it would say of that, its user would see."""
    words = python_words("stallsim.watching.sources.container", str(os.getpid()))
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (130, b"")


BUSY = """
from benchmarks.neighbours import busy_cores
with busy_cores():
    print("busy", flush=True)
    input()
"""


@pytest.mark.nightly
def test_what_keeps_the_cores_busy_ends_with_who_started_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"busy\n"
        burners = psutil.Process(process.pid).children()
        process.kill()
    assert burners
    _, alive = psutil.wait_procs(burners, timeout=10)
    assert alive == []
