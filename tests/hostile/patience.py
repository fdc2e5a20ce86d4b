"""How long something is waited for before it is said to hang, on a machine that has others to run.

Linux tells of each thread how long it has been ready to run and had no CPU (``run_delay``). That time is
the machine's, and is not counted.
"""

import time
from collections.abc import Callable, Iterable

from stallsim.kernel.run_delay import run_delays


class Patience:
    """So many seconds, without those in which a thread of one of some processes waited for a CPU."""

    def __init__(self, seconds: float, pids: Callable[[], Iterable[int]]) -> None:
        self._left_s, self._pids = seconds, pids
        self._looked_s, self._delays_s = time.monotonic(), _delays_s(pids())

    def left_s(self) -> float:
        """What is left of them: 0 or less when they are over."""
        now_s, delays_s = time.monotonic(), _delays_s(self._pids())
        waits_s = (delay_s - self._delays_s.get(thread, 0.0) for thread, delay_s in delays_s.items())
        self._left_s -= max(0.0, now_s - self._looked_s - max(waits_s, default=0.0))
        self._looked_s, self._delays_s = now_s, delays_s
        return self._left_s


def _delays_s(pids: Iterable[int]) -> dict[int, float]:
    """Of each thread."""
    return {thread: delay_ns / 1e9 for pid in pids for thread, delay_ns in run_delays(pid).items()}
