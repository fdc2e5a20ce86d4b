"""The memory and CPU time of some processes and all their children, read anew each time.

What belongs is looked up at each reading: children that appear are in it, those that have ended are
not, and a child stays in it when its parent ends. A process that may not be read, or ends while it is
read, is data: it is left out, or has None.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import psutil


class ProcessReading(NamedTuple):
    """One process at one moment (proc(5)); bytes, and seconds of CPU time since its start."""

    pid: int
    name: str
    rss_bytes: int
    """Resident: shared pages are counted in full, in each process that has them."""
    uss_bytes: int | None
    """Resident and nobody else's; None where not asked for, or not readable for this user."""
    pss_bytes: int | None
    """Resident, a page that n processes have counting as 1/n."""
    cpu_s: float
    """User and system, of the process and of the children that it has waited for."""


class TreeReading(NamedTuple):
    """All of them, one after another, in about 0.1 ms each (without USS and PSS)."""

    processes: tuple[ProcessReading, ...]

    @property
    def alive(self) -> bool:
        """Whether any was there to be read."""
        return bool(self.processes)

    @property
    def rss_bytes(self) -> int:
        """The sum, in which pages shared after a fork count once for each process."""
        return sum(one.rss_bytes for one in self.processes)

    @property
    def uss_bytes(self) -> int | None:
        """The sum; None unless it is known of every one."""
        return _sum(one.uss_bytes for one in self.processes)

    @property
    def pss_bytes(self) -> int | None:
        """The sum, which is what all of them take together; None unless it is known of every one."""
        return _sum(one.pss_bytes for one in self.processes)

    @property
    def cpu_s(self) -> float:
        """The sum: what a child had used stays in it once its parent has waited for it."""
        return sum(one.cpu_s for one in self.processes)


def _sum(values: Iterable[int | None]) -> int | None:
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


class ProcessTree:
    """Some processes and whatever descends from them. A pid that is used again is another process."""

    def __init__(self, pids: Iterable[int]) -> None:
        """Pids that are not there any more are none of it."""
        self._members: dict[int, psutil.Process] = {}
        for pid in pids:
            try:
                self._members[pid] = psutil.Process(pid)
            except psutil.NoSuchProcess:
                continue

    @property
    def pids(self) -> tuple[int, ...]:
        """Those that belonged to it at the latest reading, or at first."""
        return tuple(self._members)

    def read(self, *, exact: bool = False) -> TreeReading:
        """All of it, now.

        ``exact``: USS and PSS too, for which the kernel walks each process's pages, some 10 ms a GiB,
        and holds up its mmap() and brk() meanwhile.
        """
        self._refresh()
        return TreeReading(tuple(self._readings(exact)))

    def _refresh(self) -> None:
        """Forget who has ended; take in who has been born."""
        for process in list(self._members.values()):
            if not process.is_running():
                del self._members[process.pid]
        for process in list(self._members.values()):
            try:
                self._members |= {child.pid: child for child in process.children(recursive=True)}
            except psutil.NoSuchProcess:
                continue

    def _readings(self, exact: bool) -> Iterator[ProcessReading]:
        for process in self._members.values():
            try:
                yield _read(process, exact)
            except (psutil.NoSuchProcess, psutil.AccessDenied):  # a zombie is no such process, to psutil
                continue


def _read(process: psutil.Process, exact: bool) -> ProcessReading:
    with process.oneshot():
        rss_bytes, times, name = process.memory_info().rss, process.cpu_times(), process.name()
        uss_bytes, pss_bytes = _private(process) if exact else (None, None)
    return ProcessReading(process.pid, name, rss_bytes, uss_bytes, pss_bytes, sum(times[:4]))


def _private(process: psutil.Process) -> tuple[int | None, int | None]:
    """USS and PSS, which take the right to trace a process (ptrace(2), PTRACE_MODE_READ)."""
    try:
        memory = process.memory_full_info()
    except psutil.AccessDenied:
        return None, None
    return memory.uss, memory.pss
