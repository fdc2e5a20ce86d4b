"""The memory and CPU time of some processes and all their children, read anew each time.

What belongs is looked up at each reading: children that appear are in it, those that have ended are
not, also before their parent has waited for them, and a child stays in it when its parent ends. A
process that may not be read, or ends while it is read, is data: it is left out, or has None.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import psutil


@cache
def _kernel_lists_children() -> bool:
    """CONFIG_PROC_CHILDREN, proc_pid_children(5): on in the distributions' kernels, not in every other."""
    return Path("/proc/thread-self/children").exists()


class ProcessReading(NamedTuple):
    """One process at one moment (proc(5)); bytes, and seconds of CPU time since its start."""

    pid: int
    name: str
    rss_bytes: int
    """Resident: shared pages are counted in full, in each process that has them.

    Linux 6.2 to 6.16 counts it in batches, which may hide some MiB on a machine of many cores.
    """
    uss_bytes: int | None
    """Resident and nobody else's; None where not asked for, or not readable for this user."""
    pss_bytes: int | None
    """Resident, a page that n processes have counting as 1/n."""
    cpu_s: float
    """User and system, of the process and of the children that it has waited for."""


class TreeReading(NamedTuple):
    """All processes, read one after another, in about 0.1 ms each (without USS and PSS)."""

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
        return sum_if_known(one.uss_bytes for one in self.processes)

    @property
    def pss_bytes(self) -> int | None:
        """The sum, which is what all of them take together; None unless it is known of every one."""
        return sum_if_known(one.pss_bytes for one in self.processes)

    @property
    def cpu_s(self) -> float:
        """The sum: what a child had used stays in it once its parent has waited for it."""
        return sum(one.cpu_s for one in self.processes)


def sum_if_known(values: Iterable[int | None]) -> int | None:
    """The sum of the values; None where one of them is not known."""
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


class ProcessTree:
    """Some processes and whatever descends from them. A pid that is used again is another process."""

    def __init__(self, pids: Iterable[int]) -> None:
        """Pids that do not exist any more are left out."""
        self._members: dict[int, psutil.Process] = {}
        for pid in pids:
            _join(self._members, pid)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes at the latest reading, or at first."""
        return tuple(self._members)

    def read(self, *, exact: bool = False) -> TreeReading:
        """All of it, now.

        ``exact``: USS and PSS too, for which the kernel walks each process's pages, some 15 ms a GiB,
        and holds up its mmap() and brk() meanwhile.
        """
        self._refresh()
        return TreeReading(tuple(self._readings(exact)))

    def _refresh(self) -> None:
        """Forget processes that have ended, and add new children."""
        self._members = {pid: one for pid, one in self._members.items() if one.is_running()}
        waiting = list(self._members)
        while waiting:
            born = [pid for pid in _children(waiting.pop()) if pid not in self._members]
            waiting += [pid for pid in born if _join(self._members, pid)]

    def _readings(self, exact: bool) -> Iterator[ProcessReading]:
        for process in self._members.values():
            try:
                if process.status() != psutil.STATUS_ZOMBIE:
                    yield _read(process, exact)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue


def process_name(process: psutil.Process) -> str:
    """As text that can be written: a name may hold any byte but NUL (prctl(2), PR_SET_NAME)."""
    return process.name().encode(errors="surrogateescape").decode(errors="replace")


def _join(members: dict[int, psutil.Process], pid: int) -> bool:
    """Whether the process still existed, so that it could be added."""
    try:
        members[pid] = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return False
    return True


def _children(pid: int) -> list[int]:
    """Those of all its threads; none of a process that has ended.

    psutil would read the parent of every process of the machine: 40 us each, ten times a second, beside
    a server whose latency is being measured. It is asked where this kernel does not list children.
    """
    try:
        if not _kernel_lists_children():
            return [child.pid for child in psutil.Process(pid).children()]
        return [
            int(child)
            for listing in Path(f"/proc/{pid}/task").glob("*/children")
            for child in listing.read_text(encoding="utf-8").split()
        ]
    except (FileNotFoundError, ProcessLookupError, psutil.NoSuchProcess):
        return []


def _read(process: psutil.Process, exact: bool) -> ProcessReading:
    with process.oneshot():
        rss_bytes, times, name = process.memory_info().rss, process.cpu_times(), process_name(process)
        uss_bytes, pss_bytes = _private(process) if exact else (None, None)
    return ProcessReading(process.pid, name, rss_bytes, uss_bytes, pss_bytes, sum(times[:4]))


def _private(process: psutil.Process) -> tuple[int | None, int | None]:
    """USS and PSS, which take the right to trace a process (ptrace(2), PTRACE_MODE_READ)."""
    try:
        memory = process.memory_full_info()
    except psutil.AccessDenied:
        return None, None
    return memory.uss, memory.pss
