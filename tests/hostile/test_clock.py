"""The wall clock is set while a command runs, again and again: no result depends on it."""

import json
import subprocess
import sys

import pytest

from stallsim.errors import ExitCode
from tests.loopback.running import ENVIRONMENT

from .started import SERVER

pytestmark = pytest.mark.loopback
STEPPING = """
import itertools, sys, time
steps = itertools.cycle((0, -400 * 86400, 3600, 400 * 86400))
true, true_ns = time.time, time.time_ns
time.time = lambda: true() + next(steps)
time.time_ns = lambda: true_ns() + next(steps) * 10**9
from stallsim.__main__ import main
main()
"""
RUN = ("run", "sleeping-tab")
IN_TIME = (*RUN, "--set", "pace=realtime", "--set", "stream.interval=5ms", "--set", "ticks=60")
PROBE = ("probe", "--exec", SERVER, "ws://127.0.0.1:0/", "--for", "100KiB", "--profile", "stop-reading")


def test_a_run_in_lockstep_has_its_digest() -> None:
    steady, stepping = (json.loads(_ended(*RUN, "--json", stepping=one).stdout) for one in (False, True))
    assert stepping["ledger"]["digest"] == steady["ledger"]["digest"]


def test_a_run_in_realtime_lasts_as_long_as_its_ticks() -> None:
    ended = _ended(*IN_TIME, "--json", stepping=True)
    assert json.loads(ended.stdout)["ticks"] == 61
    assert ended.stderr == ""


def test_a_probe_measures_by_a_clock_that_nobody_sets() -> None:
    ended = _ended(*PROBE, "--json", stepping=True)
    assert ended.returncode == ExitCode.PASS, ended.stderr
    (stall,) = json.loads(ended.stdout)["stalls"]
    assert stall["outcome"] == "backpressure-isolated"


def _ended(*words: str, stepping: bool) -> subprocess.CompletedProcess[str]:
    """The command; while its clock is ``stepping``, each look at it is hours or days off."""
    program = ["-c", STEPPING] if stepping else ["-m", "stallsim"]
    return subprocess.run(
        [sys.executable, *program, *words],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
