"""Machines that cannot execute a run: exit code 3, the insufficient resource, and the remedy."""

import errno
import os
import resource
import sys
from pathlib import Path

import pytest
import trio

from stallsim.errors import Unavailable, refusal
from stallsim.interruption import innermost
from stallsim.kernel.tcp_memory import TcpMemory
from stallsim.runner import preflight

from .command_line import CommandLine

pytestmark = pytest.mark.usefixtures("no_run")


def limit_descriptors(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """The process may open so many descriptors; its other limits are as they are."""
    limit_of = resource.getrlimit

    def getrlimit(which: int) -> tuple[int, int]:
        return (most, most) if which == resource.RLIMIT_NOFILE else limit_of(which)

    monkeypatch.setattr(resource, "getrlimit", getrlimit)


def test_no_command_runs_with_little_address_space(
    monkeypatch: pytest.MonkeyPatch, command_line: CommandLine
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (2**25, 2**25))
    command_line.refuses("list", code=3, saying=("65,536 KiB of address space", "32,768 KiB", "ulimit -v"))


def test_not_linux(monkeypatch: pytest.MonkeyPatch, command_line: CommandLine) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    command_line.refuses("run", "stop-reading", code=3, saying=("Linux", "cannot run on darwin"))


def test_no_proc(monkeypatch: pytest.MonkeyPatch, command_line: CommandLine) -> None:
    monkeypatch.setattr(Path, "exists", lambda _: False)
    command_line.refuses("probe", "ws://127.0.0.1:1/", code=3, saying=("/proc", "no proc file system"))


def test_too_few_descriptors(monkeypatch: pytest.MonkeyPatch, command_line: CommandLine) -> None:
    limit_descriptors(monkeypatch, 256)
    command_line.refuses(
        "run", "stop-reading", "--set", "clients.0.count=200", code=3,
        saying=("200 connections", "may open 256", "ulimit -n", "count"),
    )  # fmt: skip


def test_too_few_descriptors_for_any_fleet(
    monkeypatch: pytest.MonkeyPatch, command_line: CommandLine
) -> None:
    words = ("fleet", "ws://127.0.0.1:1/", "--clients", "40")
    limit_descriptors(monkeypatch, 100)
    command_line.refuses(*words, code=3, saying=("it may have 100", "use --clients 36 or raise the limit"))
    limit_descriptors(monkeypatch, 20)
    command_line.refuses(*words, code=3, saying=("it may have 20 (ulimit -Hn): raise the limit",))


@pytest.mark.parametrize(
    ("error", "saying"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (MemoryError(), "no more memory"),
        (RuntimeError("can't start new thread"), "no more threads"),
        (ImportError("_core.so: failed to map segment from shared object"), "no more memory"),
    ],
)
def test_what_the_system_refuses_in_several_tasks_is_one_line(
    error: Exception, saying: str, monkeypatch: pytest.MonkeyPatch, command_line: CommandLine
) -> None:
    async def refused(*_: object) -> None:
        async with trio.open_nursery() as nursery:
            for _one in range(2):
                nursery.start_soon(raises)

    async def raises() -> None:
        raise error

    monkeypatch.setattr("stallsim.matrix.make.run_pool", refused)
    command_line.refuses("matrix", "--policy", "unbounded", code=3, saying=("the system refused", saying))


def test_another_error_is_no_refusal() -> None:
    """It is a fault of ours, and to be seen as one."""
    assert refusal(ImportError("no module named x")) is None
    several = ExceptionGroup("two", [OSError(), RuntimeError("a fault")])
    assert innermost(several) is several


@pytest.mark.parametrize("rcvbuf", ["64KiB", "1GiB"], ids=["small buffers", "buffers above the limit"])
def test_too_little_tcp_memory(
    rcvbuf: str, monkeypatch: pytest.MonkeyPatch, command_line: CommandLine
) -> None:
    monkeypatch.setattr(preflight, "tcp_memory", lambda: TcpMemory(900, 1000, 2000))
    command_line.refuses(
        "run", "stop-reading", "--set", "clients.0.count=10", "--set", f"clients.0.rcvbuf={rcvbuf}", code=3,
        saying=("900 in use", "1,000", "net.ipv4.tcp_mem", "server.sndbuf, rcvbuf"),
    )  # fmt: skip


def test_auto_tuned_buffers_count_as_large_as_they_may_become(
    monkeypatch: pytest.MonkeyPatch, command_line: CommandLine, tmp_path: Path
) -> None:
    monkeypatch.setattr(preflight, "tcp_memory", lambda: TcpMemory(0, 10, 20))
    path = tmp_path / "auto.toml"
    path.write_text(
        'title = ""\ndescription = ""\nexpectation = ""\nticks = 1\n[[clients]]\nkind = "stop-reading"\n'
    )
    command_line.refuses("run", str(path), code=3, saying=("net.ipv4.tcp_mem",))


@pytest.mark.parametrize(("strict", "code"), [([], 0), (["--strict"], 3)])
def test_a_missing_capability_is_unsupported_and_says_how_to_go_on(
    strict: list[str], code: int, monkeypatch: pytest.MonkeyPatch, command_line: CommandLine
) -> None:
    def forbidden(*_: object) -> None:
        raise Unavailable("private stack", os.strerror(errno.EPERM), "run as root")

    monkeypatch.setattr("stallsim.kernel.private_stack.enter", forbidden)
    ended = command_line("run", "half-open", *strict)
    assert (ended.code, ended.err) == (code, "")
    (line,) = ended.out.splitlines()
    assert line.startswith("UNSUPPORTED")
    assert "half-open" in line
    assert line.endswith("private stack: Operation not permitted; run as root")
