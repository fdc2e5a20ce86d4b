"""One lockstep run in a child of this process, left in peace or disturbed in one of several ways."""

import ctypes
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import cycle
from typing import NamedTuple

import msgspec

from stallsim.children.isolated import python_words
from stallsim.children.parent import end_with_parent
from stallsim.profile.load import load_profile
from stallsim.runner.execute import Execution
from stallsim.timeline.ledger import make_ledger

STOP_S = 0.3
"""Longer than a delayed acknowledgement, a persist timer, a retransmission timeout."""
BESIDE_NICE_19 = 10
"""How nice those are who keep the cores busy beside a run at nice 19: it would take 10 s beside nice 0."""
CALLS = (
    *("bind", "listen", "connect", "accept4", "sendto", "sendmsg", "recvfrom", "shutdown"),
    *("getsockopt", "setsockopt", "ioctl", "epoll_ctl", "epoll_wait"),
)
"""What a run says to the network stack, and what it waits with."""
_PR_SET_PTRACER = 0x59616D61


class Told(NamedTuple):
    """What a run says of itself."""

    digest: str
    pinned: bool
    attempts: int
    seconds: float


class Run(NamedTuple):
    """What is to be run."""

    profile: str
    overrides: tuple[str, ...] = ()


Disturbance = Callable[[Run, random.Random], Told]


def in_peace(run: Run, _: random.Random) -> Told:
    """Nobody does anything to it."""
    return _forked(run)


def stopped(run: Run, chance: random.Random) -> Told:
    """SIGSTOP at a random moment, SIGCONT after ``STOP_S``."""
    usual_s = _usual_s(run)

    def stop(child: int) -> None:
        time.sleep(chance.uniform(0, usual_s))
        os.kill(child, signal.SIGSTOP)
        time.sleep(STOP_S)
        os.kill(child, signal.SIGCONT)

    return _forked(run, beside=stop)


def delayed(run: Run, chance: random.Random) -> Told:
    """One system call returns late (strace): each kind in its turn, anywhere in the run."""
    counts, turns = _calls_of(run)
    call = next(turns)
    return delay(run, call, chance.randint(1, counts[call]))


def delay(run: Run, call: str, when: int) -> Told:
    """The ``when``-th of these system calls returns ``STOP_S`` late."""
    inject = f"inject={call}:delay_exit={round(STOP_S * 1e6)}:when={when}"
    return _traced(run, "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)[0]


def on_one_cpu(run: Run, _: random.Random) -> Told:
    """Server, client and kernel share one CPU."""
    return _forked(run, before=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}))


def at_nice_19(run: Run, _: random.Random) -> Told:
    """Whoever else wants the CPU gets it, and every core is busy."""
    with busy_cores(BESIDE_NICE_19):
        return _forked(run, before=lambda: os.nice(19))


def while_busy(run: Run, _: random.Random) -> Told:
    """Every core is busy."""
    with busy_cores():
        return _forked(run)


DISTURBANCES: dict[str, Disturbance] = {
    "in peace": in_peace,
    "busy": while_busy,
    "stopped": stopped,
    "one CPU": on_one_cpu,
    "nice 19": at_nice_19,
}
if shutil.which("strace"):
    DISTURBANCES["delayed"] = delayed


@contextmanager
def busy_cores(niceness: int = 0) -> Iterator[None]:
    """Keep every core busy until the block ends, or this thread does; once, however deep it is called."""
    if _burning:
        yield
        return
    with ExitStack() as stack:
        _burning.append(True)
        stack.callback(_burning.clear)
        for _ in range(os.cpu_count() or 1):
            words = python_words("benchmarks.burner", str(niceness))
            burner = stack.enter_context(subprocess.Popen(words, stdout=subprocess.PIPE))
            stack.callback(burner.kill)
            assert burner.stdout is not None
            burner.stdout.readline()
        yield


_burning: list[bool] = []
_usual: dict[Run, float] = {}


@cache
def _calls_of(run: Run) -> tuple[Counter[str], Iterator[str]]:
    """How often an undisturbed run makes each of these calls, and those that it makes, round and round."""
    _, trace = _traced(run, "-e", f"trace={','.join(CALLS)}")
    counts = Counter(re.findall(rf"^(?:\[pid +\d+\] )?({'|'.join(CALLS)})\(", trace, re.MULTILINE))
    return counts, cycle(sorted(counts))


def _traced(run: Run, *options: str) -> tuple[Told, str]:
    """A run under strace, and what that has written."""
    here, there = socket.socketpair()
    trace: list[str] = []

    def before() -> None:
        _let_a_sibling_trace()
        there.send(b"ready")
        there.recv(1)

    def beside(child: int) -> None:
        here.recv(5)
        words = ["strace", "-f", "-p", str(child), *options]
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as strace:
            assert strace.stderr is not None
            attached = strace.stderr.readline()
            here.send(b"!")
            trace.append(strace.stderr.read())
            assert attached.endswith("attached\n"), attached

    with here, there:
        told = _forked(run, before, beside)
    return told, trace[0]


def _let_a_sibling_trace() -> None:
    """Where only an ancestor may otherwise (Yama, Documentation/admin-guide/LSM/Yama.rst)."""
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)


def _usual_s(run: Run) -> float:
    """How long it takes undisturbed, from the fork on."""
    if run not in _usual:
        _usual[run] = _forked(run).seconds
    return _usual[run]


def _forked(
    run: Run, before: Callable[[], object] | None = None, beside: Callable[[int], None] | None = None
) -> Told:
    """In a fork, where everything is imported: the child enters a stack of its own, for good."""
    started = time.perf_counter()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        end_with_parent()
        sys.settrace(None)  # coverage would double what it costs, and is told nothing by a fork
        try:
            if before is not None:
                before()
            os.write(writing, msgspec.json.encode(_work(run)))
        finally:
            os._exit(0)
    os.close(writing)
    if beside is not None:
        beside(child)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    digest, pinned, attempts = msgspec.json.decode(told, type=tuple[str, bool, int])
    return Told(digest, pinned, attempts, time.perf_counter() - started)


def _work(run: Run) -> tuple[str, bool, int]:
    execution = Execution(load_profile(run.profile, run.overrides))
    execution.prepare()
    timeline = execution.execute()
    assert timeline.end is not None, "an executed timeline has its end"
    ledger = make_ledger(timeline)
    return ledger.digest, ledger.pinned, timeline.end.attempts
