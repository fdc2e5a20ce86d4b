"""Measures the periods of a probe (baseline, stall, after the wake): latency, CPU time, and memory with
shared pages counted once.
"""

import time

import trio

from ...timeline.probed.measures import MemoryAfter, Period, Periods
from .ping_latency import PingLatency
from .server_view import ServerView

_CPU_MIN_S = 0.2
"""A shorter period has no CPU share, since the kernel counts CPU time in hundredths of a second."""


class PeriodMeter:
    """Measures three periods, the first of which begins with the baseline. ``turn`` is called when the
    stall begins, when it is over, and at the end.
    """

    def __init__(self, view: ServerView, ping_latency: PingLatency | None) -> None:
        self._view, self._ping_latency = view, ping_latency
        self._began_s, self._cpu_s, self._own_cpu_s = trio.current_time(), self._read_cpu_s(), _own_cpu_s()
        self._periods: list[Period] = []
        self._pss_bytes: list[int | None] = []

    def turn(self) -> Period:
        """End a period, begin the next, and return the ended one."""
        now, cpu_s = trio.current_time(), self._read_cpu_s()
        seconds, own_cpu_s = now - self._began_s, _own_cpu_s()
        used_s = None if cpu_s is None or self._cpu_s is None else max(0.0, cpu_s - self._cpu_s)
        self._periods.append(
            Period(
                seconds=round(seconds, 3),
                latency=self._ping_latency.latency() if self._ping_latency else None,
                cpu_share=None if used_s is None or seconds < _CPU_MIN_S else round(used_s / seconds, 3),
                own_cpu_share=None
                if seconds < _CPU_MIN_S
                else round((own_cpu_s - self._own_cpu_s) / seconds, 3),
            )
        )
        self._pss_bytes.append(self._read_pss())
        self._began_s, self._cpu_s, self._own_cpu_s = now, cpu_s, own_cpu_s
        return self._periods[-1]

    @property
    def periods(self) -> Periods:
        """All three periods, once they are over."""
        baseline, stall, wake = self._periods
        return Periods(baseline=baseline, stall=stall, wake=wake)

    def memory_after(self) -> MemoryAfter:
        """The memory at the end of all periods."""
        begin, end, _ = self._pss_bytes
        return MemoryAfter(
            pss_growth_bytes=None if begin is None or end is None else end - begin,
            end_bytes=self._view.rss_bytes(),
            end_after_s=self._periods[-1].seconds,
        )

    def _read_cpu_s(self) -> float | None:
        reading = self._view.memory.read() if self._view.memory else None
        return reading.cpu_s if reading and reading.alive else None

    def _read_pss(self) -> int | None:
        """PSS in bytes; None for a single process, and if the memory may not be read."""
        memory = self._view.memory
        if memory is None or len(memory.pids) < 2:
            return None
        return memory.read(exact=True).pss_bytes


def _own_cpu_s() -> float:
    """CPU seconds of this process, user and system."""
    return time.process_time()
