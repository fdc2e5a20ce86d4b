"""One lockstep run in a fork of this process, where everything is imported already."""

import os
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from stallsim.children.parent import end_with_parent
from stallsim.profile.load import load_profile
from stallsim.runner.execute import Execution
from stallsim.timeline.ledger import make_ledger


class Run(NamedTuple):
    """What is to be run."""

    profile: str
    overrides: tuple[str, ...] = ()


class Told(NamedTuple):
    """What a run says of itself."""

    digest: str
    pinned: bool
    attempts: int
    seconds: float


class ChildRun:
    """A run that has begun. Its process enters a stack of its own for good, and so is a child."""

    def __init__(self, run: Run, before: Callable[[], object] | None = None) -> None:
        """``before``: what the child does first."""
        self._started = time.perf_counter()
        self._reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            end_with_parent()
            sys.settrace(None)  # coverage would double what it costs, and is told nothing by a fork
            try:
                if before is not None:
                    before()
                os.write(writing, msgspec.json.encode(_work(run)))
            finally:
                os._exit(0)
        os.close(writing)

    def told(self) -> Told:
        """Wait for its end."""
        with os.fdopen(self._reading, "rb") as pipe:
            told = pipe.read()
        os.waitpid(self.pid, 0)
        digest, pinned, attempts = msgspec.json.decode(told, type=tuple[str, bool, int])
        return Told(digest, pinned, attempts, time.perf_counter() - self._started)


def _work(run: Run) -> tuple[str, bool, int]:
    execution = Execution(load_profile(run.profile, run.overrides))
    execution.prepare()
    timeline = execution.execute()
    assert timeline.end is not None, "an executed timeline has its end"
    ledger = make_ledger(timeline)
    return ledger.digest, ledger.pinned, timeline.end.attempts
