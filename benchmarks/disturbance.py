"""The arms of ``benchmarks.determinism``: the ways in which a run is left in peace or disturbed."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from .late_call import LATE_S, delayed
from .neighbours import busy_cores, neighbours
from .run_in_child import ChildRun, Run, Told

AT_ONCE = 20
"""Runs that are under way at the same time in the arm ``at once``."""
_BESIDE_NICE_19 = 10
"""How nice those are who keep the cores busy beside a run at nice 19: it would take 10 s beside nice 0."""


class Arm(NamedTuple):
    """One way to run."""

    way: Callable[[Run, random.Random], Told]
    beside: Callable[[], AbstractContextManager[None]] = nullcontext
    """What goes on beside the runs."""

    def __call__(self, run: Run, chance: random.Random) -> Told:
        """One run, and what it says of itself."""
        with self.beside():
            return self.way(run, chance)


def in_peace(run: Run, _: random.Random) -> Told:
    """Nobody does anything to it."""
    return ChildRun(run).told()


def stopped(run: Run, chance: random.Random) -> Told:
    """SIGSTOP at a random moment, SIGCONT after ``LATE_S``."""
    usual_s = _usual_s(run)
    child = ChildRun(run)
    time.sleep(chance.uniform(0, usual_s))
    os.kill(child.pid, signal.SIGSTOP)
    time.sleep(LATE_S)
    os.kill(child.pid, signal.SIGCONT)
    return child.told()


def on_one_cpu(run: Run, _: random.Random) -> Told:
    """Server, client and kernel share one CPU."""
    return ChildRun(run, lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})).told()


def at_nice_19(run: Run, _: random.Random) -> Told:
    """Whoever else wants the CPU gets it."""
    return ChildRun(run, lambda: os.nice(19)).told()


def at_once(run: Run, _: random.Random) -> Told:
    """``AT_ONCE`` begin together; the calls after the first return what the others have said."""
    told = _others.setdefault(run, [])
    if not told:
        begun = [ChildRun(run) for _ in range(AT_ONCE)]
        told += [one.told() for one in begun]
    return told.pop()


def in_cgroup(folder: Path) -> Arm:
    """In this cgroup, which somebody has made and given a limit of memory that TCP has a share in."""
    return Arm(lambda run, _: ChildRun(run, lambda: (folder / "cgroup.procs").write_text("0")).told())


ARMS: dict[str, Arm] = {
    "in peace": Arm(in_peace),
    "busy": Arm(in_peace, busy_cores),
    "copying": Arm(in_peace, partial(neighbours, "copies")),
    "at once": Arm(at_once),
    "stopped": Arm(stopped),
    "one CPU": Arm(on_one_cpu),
    "nice 19": Arm(at_nice_19, partial(busy_cores, _BESIDE_NICE_19)),
}
if shutil.which("strace"):
    ARMS["delayed"] = Arm(delayed)

_others: dict[Run, list[Told]] = {}


@cache
def _usual_s(run: Run) -> float:
    """How long it takes undisturbed, from the fork on."""
    return in_peace(run, random.Random()).seconds
