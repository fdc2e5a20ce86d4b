"""How long a campaign waits before it speaks of a hang: without the time for which there was no CPU."""

import os
import signal
import time

import pytest

from tests.hostile import patience
from tests.hostile.patience import Patience


def test_time_in_which_a_process_waited_for_a_cpu_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, delays = [100.0], [{1: 50.0, 2: 0.0}]
    monkeypatch.setattr(patience, "_delays_s", lambda _: delays[0])
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    waits = Patience(60.0, list)
    clock[0], delays[0] = 150.0, {1: 50.0, 2: 45.0}  # one of them had no CPU for 45 s
    assert waits.left_s() == 55.0
    clock[0] = 200.0  # nobody waited: both slept
    assert waits.left_s() == 5.0
    clock[0], delays[0] = 210.0, {3: 8.0}  # a new one, late from its beginning on
    assert waits.left_s() == 3.0
    clock[0], delays[0] = 220.0, {}
    assert waits.left_s() <= 0


def test_the_kernel_says_how_long_a_process_has_waited() -> None:
    """On one CPU with another that spins, it waits; one that has ended is not asked."""
    cpu, spinning = min(os.sched_getaffinity(0)), os.fork()
    if not spinning:
        os.sched_setaffinity(0, {cpu})
        while True:
            pass
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {cpu})
        first = patience._delays_s([os.getpid()])[os.getpid()]
        while patience._delays_s([os.getpid()])[os.getpid()] - first < 0.005:
            pass
    finally:
        os.sched_setaffinity(0, before)
        os.kill(spinning, signal.SIGKILL)
        os.waitpid(spinning, 0)
    assert patience._delays_s([spinning]) == {}
