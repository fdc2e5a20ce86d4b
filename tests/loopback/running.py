"""Executes a run in this process with a listener for its records, and the command line in a process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

import stallsim
from stallsim.kernel import black_hole
from stallsim.profile.load import load_profile
from stallsim.profile.scenario import Pace
from stallsim.runner import preflight
from stallsim.runner.execute import Execution
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.records import Record
from stallsim.timeline.timeline import Timeline

from . import preloaded
from .nobody import forked

CHECKOUT = Path(stallsim.__file__).parents[1]
_COUNTED = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200"}
ENVIRONMENT = {name: value for name, value in _COUNTED.items() if name != "COVERAGE_PROCESS_CONFIG"}
"""Coverage does not count in a process with this environment, since a signal could interrupt coverage's own
start, before the program can handle it.
"""
COMMAND = (sys.executable, "-W", "error", "-m", "stallsim")
REALTIME = ("pace=realtime", "stream.interval=100ms", "ticks=1000")
"""Makes a profile last far longer than any test waits: it ends by what the test does."""


class RecordListener(Recorder):
    """Calls a function with every record, while the sockets are still as the record describes them."""

    def __init__(self, on_record: Callable[[Record], None]) -> None:
        self._on_record = on_record

    def write(self, record: Record) -> None:
        self._on_record(record)

    def restart(self, *, last: bool = False) -> None:
        """The run is executed once more: its header will say so."""


def perform(execution: Execution, on_record: Callable[[Record], None] | None = None) -> Timeline:
    """Execute in this process and in its stack, once: whose timers fire there is not known.

    Skips what would have to leave this process's stack.
    """
    if execution.scenario.wants_private_stack or (
        execution.participants.needs_black_hole and not black_hole.permitted()
    ):
        pytest.skip("needs a private stack, and entering one would change this process for good")
    preflight.check_run(execution.scenario, execution.participants)
    return execution.execute(
        recorder=None if on_record is None else RecordListener(on_record), attempts_max=1
    )


def private_digest(name: str, *overrides: str) -> str:
    """The digest of a run in a stack of its own, in a child of this process."""

    def work() -> str:
        execution = Execution(load_profile(name, overrides))
        execution.prepare()
        ledger = make_ledger(execution.execute())
        assert ledger.pinned, ledger.not_pinned
        return ledger.digest

    return forked(work)


def run(name: str, *overrides: str, on_record: Callable[[Record], None] | None = None) -> Timeline:
    """Execute a profile in this process."""
    return perform(Execution(load_profile(name, overrides)), on_record)


def lockstep(name: str) -> bool:
    return load_profile(name).scenario.pace is Pace.LOCKSTEP


def command(*words: str | Path, timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end. Coverage counts there if it counts in this process."""
    if Coverage.current() is None:
        return preloaded.call([*map(str, words)], ENVIRONMENT, timeout_s)
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        env=_COUNTED,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def result(*words: str | Path) -> dict[str, Any]:
    """The one object that the command line prints with --json."""
    ended = command(*words, "--json")
    assert ended.stderr == "", ended.stderr
    decoded: dict[str, Any] = json.loads(ended.stdout)
    return decoded


@contextmanager
def started(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """The command line, running; it is gone when the block is left."""
    with subprocess.Popen(
        [*COMMAND, *map(str, words)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
