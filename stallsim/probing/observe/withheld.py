"""Measures the time that the machine withheld from a server and from this program: a thread of theirs was
ready to run, and the machine ran others. No timing in that time is a sign of the server's behaviour.
"""

import os
from collections.abc import Iterable

from ...kernel.run_delay import run_delays

_NS = 1e9


class WithheldTime:
    """Adds up, from reading to reading, the longest time for which one of the threads waited for a CPU."""

    def __init__(self) -> None:
        self._before: dict[int, int] = {}
        self._sum_s: float | None = None

    def read(self, server: Iterable[int]) -> float | None:
        """Seconds withheld since the first reading; None if no thread of the server could be read yet.

        ``server``: the pids of its processes, which may change. For a thread that is new since the reading
        before, all of its waiting time counts, since the thread has existed only since then.
        """
        of_the_server = [pid for pid in server if pid != os.getpid()]
        delays = {pid: run_delays(pid) for pid in (*of_the_server, os.getpid())}
        now = {thread: waited for one in delays.values() for thread, waited in one.items()}
        if not any(delays[pid] for pid in of_the_server):
            return None if self._sum_s is None else round(self._sum_s, 6)
        if self._sum_s is None:
            self._sum_s = 0.0
        else:
            longest = max(waited - self._before.get(thread, 0) for thread, waited in now.items())
            self._sum_s += longest / _NS
        self._before = now
        return round(self._sum_s, 6)
