"""What the system refuses is one line that names it, also where it is refused to the event loop."""

import errno
import os
import socket
import sys

import msgspec
import pytest
import trio

from stallsim.errors import refusal
from stallsim.interruption import run_until_signal
from stallsim.kernel.libc import call
from stallsim.matrix import worker
from stallsim.matrix.cell import Cell
from stallsim.matrix.run import CellRun, CellStatus

from .command_line import CommandLine


def no_buffers() -> OSError:
    return OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))


def words(error: Exception) -> str:
    return str(refusal(error))


def test_the_call_is_named() -> None:
    with socket.socket() as sock:
        sock.close()
        with pytest.raises(OSError, match="Bad file descriptor") as caught:
            sock.listen()
    assert words(caught.value) == "the system refused: [Errno 9] Bad file descriptor (listen)"


def test_a_call_of_the_c_library_is_named() -> None:
    with pytest.raises(OSError, match="unshare") as caught:
        call("unshare", 1)
    assert words(caught.value).endswith("Invalid argument: 'unshare'")


def test_the_file_is_named() -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        open("/proc/none")  # noqa: PTH123, SIM115 - it is refused
    assert words(caught.value).endswith("No such file or directory: '/proc/none'")


def test_an_error_that_was_not_raised_names_no_call() -> None:
    assert words(no_buffers()).endswith("No buffer space available")


def test_what_is_refused_to_the_event_loop_is_no_internal_error(
    monkeypatch: pytest.MonkeyPatch, command_line: CommandLine
) -> None:
    def refused(*_: object) -> object:
        behind = KeyError("what trio makes of it")
        behind.__context__ = ExceptionGroup("of two tasks", [AssertionError(), no_buffers()])
        raise trio.TrioInternalError("internal error in Trio") from behind

    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # put back, since it is changed
    monkeypatch.setattr(trio, "run", refused)
    command_line.refuses("run", "no-pong", "--host-stack", code=3, saying=("No buffer space",))


def test_a_fault_of_the_event_loop_is_seen_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise trio.TrioInternalError from KeyError("task")

    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # put back, since it is changed
    monkeypatch.setattr(trio, "run", broken)
    with pytest.raises(trio.TrioInternalError) as caught:
        run_until_signal(trio.sleep_forever)
    assert isinstance(caught.value.__cause__, KeyError)


def _refused(*_: object) -> object:
    raise no_buffers()


def test_a_cell_that_the_system_refuses_was_not_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(worker, "run_cells", _refused)
    ran = worker._attempt(Cell("unbounded", "none", "stop-reading"))
    assert (ran.status, ran.reason.count("\n")) == (CellStatus.NOT_RUN, 0)
    assert ran.reason.startswith("the system refused: ")
    assert "No buffer space" in ran.reason
    assert capfd.readouterr().err == ""


def test_a_cell_that_can_have_no_process_was_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.listdir("/proc/self/fd")  # noqa: PTH208
    monkeypatch.setattr(os, "fork", _refused)
    ran = msgspec.json.decode(worker.in_a_child(Cell("unbounded", "none", "stop-reading")), type=CellRun)
    assert (ran.status, ran.reason) == (CellStatus.NOT_RUN, f"the system refused: {no_buffers()} (refused)")
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208
