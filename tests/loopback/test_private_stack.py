"""A private network stack: on request, reported, pinned by the profile; and where it is forbidden."""

import os
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

import pytest

from stallsim.errors import EnvironmentUnfit, Unavailable
from stallsim.kernel import private_stack
from stallsim.profile.load import load_profile
from stallsim.reports.accounts.machine import machine_facts
from stallsim.runner import execute
from stallsim.runner.execute import Execution
from stallsim.runner.settling import NotSettled
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.recording import load_recording
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.result import summarize_run
from stallsim.verdict.verdict import judge_run
from stallsim.views.plain import verdict_lines

from .nobody import NOBODY, as_nobody, forked
from .running import CHECKOUT, COMMAND, ENVIRONMENT, command, result, run
from .standstill import Where, stand_still, undisturbed

pytestmark = pytest.mark.loopback
LEFT_TO_THE_STACK = """
title = "Nothing pinned but the stack"
description = "No buffer, no segment size, no congestion control is set on a socket."
expectation = "One digest all the same."
ticks = 100

[[clients]]
name = "hung"
kind = "stop-reading"

[stack.sysctl]
"net.ipv4.tcp_rmem" = "4096 131072 131072"
"net.ipv4.tcp_wmem" = "4096 262144 262144"
"net.ipv4.tcp_congestion_control" = "reno"
"""
NONE_LEFT = 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"'


@pytest.fixture(autouse=True, scope="module")
def _allowed() -> None:
    ran = result("run", "zero-window", "--private-stack")
    if ran["verdict"] == "unsupported":
        pytest.skip(ran["reasons"][0])


def test_the_flag_is_short_for_the_key(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    short = result("run", "zero-window", "--private-stack", "--record", path)
    long = result("run", "zero-window", "--set", "stack.private=true")
    assert short["private_stack"] is long["private_stack"] is True
    assert short["ledger"] == long["ledger"]
    header = load_recording(path).header
    assert header is not None
    assert header.private_stack
    assert header.scenario.stack.private


@pytest.mark.parametrize("where", Where)
def test_no_timer_moves_a_byte_of_a_lockstep_run_in_its_own_stack(where: Where) -> None:
    def work() -> str:
        attempts, ledger = stand_still(where)
        return f"{attempts} {ledger.digest}"

    assert forked(work) == f"1 {undisturbed()}"


@pytest.mark.slow
def test_a_stack_can_pin_what_no_socket_option_does(tmp_path: Path) -> None:
    path = tmp_path / "left.toml"
    path.write_text(LEFT_TO_THE_STACK)
    ledgers = [result("run", path)["ledger"] for _ in range(3)]
    assert ledgers[0]["not_pinned"] == []
    assert {ledger["digest"] for ledger in ledgers} == {ledgers[0]["digest"]}


def test_the_stack_s_settings_are_those_of_the_recording(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    sysctl = 'stack.sysctl={"net.ipv4.tcp_moderate_rcvbuf"=0, "net.ipv4.tcp_rmem"="4096 87380 87380"}'
    result("run", "zero-window", "--set", sysctl, "--record", path)
    header = load_recording(path).header
    assert header is not None
    assert header.sysctl["net.ipv4.tcp_moderate_rcvbuf"] == "0"
    assert header.sysctl["net.ipv4.tcp_rmem"] == "4096 87380 87380"


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ('"net.ipv4.tcp_mem"="1 2 3"', "net.ipv4.tcp_mem: a private stack has no such setting"),
        ('"net.ipv4.tcp_congestion_control"="none"', "net.ipv4.tcp_congestion_control=none: No such file"),
        ('"net.ipv4.tcp_retries2"="many"', "net.ipv4.tcp_retries2=many: Invalid argument"),
    ],
)
def test_a_setting_that_cannot_be_had_is_named(setting: str, problem: str) -> None:
    ended = command("run", "zero-window", "--set", f"stack.sysctl={{{setting}}}")
    assert ended.returncode == 3
    assert problem in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare (util-linux) is not installed")
def test_one_line_reports_that_namespaces_are_used_up() -> None:
    words = [
        "unshare",
        "-r",
        "sh",
        "-c",
        NONE_LEFT,
        "sh",
        *COMMAND,
        "run",
        "zero-window",
        "--private-stack",
    ]
    ended = subprocess.run(
        [*words, "--strict"], cwd=CHECKOUT, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 3
    (line,) = (ended.stdout + ended.stderr).splitlines()
    assert line.startswith("UNSUPPORTED")
    assert "the number of namespaces is used up" in line
    assert "user.max_net_namespaces" in line


def test_the_advice_is_no_private_stack_where_none_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise NotSettled

    def forbidden(*_: object) -> None:
        raise Unavailable("private stack", "this system forbids it", "allow it")

    monkeypatch.setattr(execute, "run_attempt", never)
    monkeypatch.setattr(private_stack, "enter", forbidden)
    execution = Execution(load_profile("zero-window"))
    execution.prepare()
    with pytest.raises(
        EnvironmentUnfit, match=r"can be had \(this system forbids it\), so use pace=realtime"
    ):
        execution.execute()


def test_a_run_says_why_it_has_no_private_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise Unavailable("private stack", "this system forbids it", "allow it")

    def executed(*overrides: str) -> Timeline:
        execution = Execution(load_profile("no-pong", overrides))
        execution.prepare()
        return execution.execute()

    monkeypatch.setattr(private_stack, "enter", forbidden)
    forced, chosen = executed(), executed("stack.private=false")
    for timeline, why in ((forced, "this system forbids it"), (chosen, "")):
        verdict = judge_run(timeline)
        assert summarize_run(timeline, verdict).no_private_stack == why
        shown = "stack     the machine's own, since no private one can be had: this system forbids it"
        assert (shown in verdict_lines(timeline, verdict)) is bool(why)
        assert timeline.header is not None
        network = dict(machine_facts(timeline.header))["network"]
        assert network.startswith("the machine's own stack")
        assert ("this system forbids it" in network) is bool(why)
    assert make_ledger(forced).conditions == make_ledger(chosen).conditions  # the same stack


def test_the_recording_belongs_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become nobody")
    run("zero-window")  # imports what nobody may not read
    loaded = load_profile("zero-window", ["stack.private=true"])
    versions = {library: version(library) for library in execute._LIBRARIES}
    monkeypatch.setattr(execute, "version", versions.__getitem__)
    folder = Path(tempfile.mkdtemp())
    os.chown(folder, NOBODY, NOBODY)

    def work() -> str:
        execution = Execution(loaded)
        with Recorder(folder / "run.jsonl", False) as recorder:
            execution.prepare()
            assert execution.stack is not None
            execution.execute(recorder=recorder)
        return f"uid {os.getuid()}, private stack {execution.stack.private}"

    try:
        assert as_nobody(work) == f"uid {NOBODY}, private stack True"
        assert (folder / "run.jsonl").stat().st_uid == NOBODY
    finally:
        shutil.rmtree(folder)
