"""Machines that cannot carry a run: exit 3, the figure that is too small, and what to do about it."""

import errno
import os
import resource
import sys
from pathlib import Path

import pytest

from stallsim.errors import Unavailable
from stallsim.kernel.tcp_memory import TcpMemory
from stallsim.runner import preflight

from .command_line import CommandLine

pytestmark = pytest.mark.usefixtures("no_run")


def test_not_linux(monkeypatch: pytest.MonkeyPatch, command_line: CommandLine) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    command_line.refuses("run", "stop-reading", code=3, saying=("Linux", "cannot run on darwin"))


def test_too_few_descriptors(monkeypatch: pytest.MonkeyPatch, command_line: CommandLine) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 256))
    command_line.refuses(
        "run", "stop-reading", "--set", "clients.0.count=200", code=3,
        saying=("200 connections", "may open 256", "ulimit -n", "count"),
    )  # fmt: skip


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
