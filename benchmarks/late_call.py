"""A run of which one system call returns late (strace)."""

import ctypes
import random
import re
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import cycle

from .run_in_child import ChildRun, Run, Told

LATE_S = 0.3
"""Longer than a delayed acknowledgement, a persist timer, a retransmission timeout."""
CALLS = (
    *("bind", "listen", "connect", "accept4", "sendto", "sendmsg", "recvfrom", "shutdown"),
    *("getsockopt", "setsockopt", "ioctl", "epoll_ctl", "epoll_wait"),
)
"""What a run says to the network stack, and what it waits with."""
_PR_SET_PTRACER = 0x59616D61


def delayed(run: Run, chance: random.Random) -> Told:
    """One system call returns late: each kind in its turn, anywhere in the run."""
    counts, turns = _calls_of(run)
    call = next(turns)
    return delay(run, call, chance.randint(1, counts[call]))


def delay(run: Run, call: str, when: int) -> Told:
    """The ``when``-th of these system calls returns ``LATE_S`` late."""
    inject = f"inject={call}:delay_exit={round(LATE_S * 1e6)}:when={when}"
    return _traced(run, "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)[0]


@cache
def _calls_of(run: Run) -> tuple[Counter[str], Iterator[str]]:
    """How often an undisturbed run makes each of these calls, and those that it makes, round and round."""
    _, trace = _traced(run, "-e", f"trace={','.join(CALLS)}")
    counts = Counter(re.findall(rf"^(?:\[pid +\d+\] )?({'|'.join(CALLS)})\(", trace, re.MULTILINE))
    return counts, cycle(sorted(counts))


def _traced(run: Run, *options: str) -> tuple[Told, str]:
    """A run under strace, and what that has written."""
    here, there = socket.socketpair()

    def wait_for_the_tracer() -> None:
        _let_a_sibling_trace()
        there.send(b"ready")
        there.recv(1)

    with here, there:
        child = ChildRun(run, wait_for_the_tracer)
        here.recv(5)
        words = ["strace", "-f", "-p", str(child.pid), *options]
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as strace:
            assert strace.stderr is not None
            attached = strace.stderr.readline()
            here.send(b"!")
            trace = strace.stderr.read()
            assert attached.endswith("attached\n"), attached
        return child.told(), trace


def _let_a_sibling_trace() -> None:
    """Where only an ancestor may otherwise (Yama, Documentation/admin-guide/LSM/Yama.rst)."""
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
