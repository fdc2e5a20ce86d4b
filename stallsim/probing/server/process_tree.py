"""Reads the memory and CPU time of processes and all their descendants.

Each reading looks the descendants up again: new children are included, ended processes are not, even
before their parent has waited for them, and a child stays included when its parent ends. A process that
may not be read, or ends meanwhile, is no error: it is left out, or has None.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import psutil


@cache
def _kernel_lists_children() -> bool:
    """Whether the kernel has CONFIG_PROC_CHILDREN (proc_pid_children(5)); distributions'
    kernels have it.
    """
    return Path("/proc/thread-self/children").exists()


class ProcessReading(NamedTuple):
    """One process at one moment (proc(5))."""

    pid: int
    name: str
    rss_bytes: int
    """Resident memory; shared pages count in full for each process that has them.

    Linux 6.2 to 6.16 counts it in batches, which may hide some MiB on a machine with many cores.
    """
    uss_bytes: int | None
    """Resident memory that no other process shares; None if not asked for, or not readable
    for this user.
    """
    pss_bytes: int | None
    """Resident memory, in which a page that n processes share counts as 1/n."""
    cpu_s: float
    """CPU seconds, user and system, of the process and of the children that it has waited for."""


class TreeReading(NamedTuple):
    """A reading of all processes, one after another, in about 0.1 ms each (without USS and PSS)."""

    processes: tuple[ProcessReading, ...]

    @property
    def alive(self) -> bool:
        """Whether at least one process was read."""
        return bool(self.processes)

    @property
    def rss_bytes(self) -> int:
        """The sum of RSS, in which pages shared after a fork count once for each process."""
        return sum(one.rss_bytes for one in self.processes)

    @property
    def uss_bytes(self) -> int | None:
        """The sum of USS; None if one process's is not known."""
        return sum_if_known(one.uss_bytes for one in self.processes)

    @property
    def pss_bytes(self) -> int | None:
        """The sum of PSS, which is the memory of all processes together; None if one process's is not
        known.
        """
        return sum_if_known(one.pss_bytes for one in self.processes)

    @property
    def cpu_s(self) -> float:
        """The sum of CPU seconds; those of a child remain in it once its parent has waited for it."""
        return sum(one.cpu_s for one in self.processes)


def sum_if_known(values: Iterable[int | None]) -> int | None:
    """The sum of the values; None if one of them is None."""
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


class ProcessTree:
    """Processes and all their descendants. A process that reuses a pid is another process."""

    def __init__(self, pids: Iterable[int]) -> None:
        """``pids``: the roots; those that no longer exist are left out."""
        self._members: dict[int, psutil.Process] = {}
        for pid in pids:
            _join(self._members, pid)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes at the latest reading, or at first."""
        return tuple(self._members)

    def read(self, *, exact: bool = False) -> TreeReading:
        """Read all processes now.

        ``exact``: also USS and PSS, for which the kernel walks each process's pages. That takes some 15 ms
        per GiB, and delays mmap() and brk() of the process meanwhile.
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
    """The name as text that can be encoded; it may contain any byte but NUL (prctl(2), PR_SET_NAME)."""
    return process.name().encode(errors="surrogateescape").decode(errors="replace")


def _join(members: dict[int, psutil.Process], pid: int) -> bool:
    """Add the process to ``members`` if it still exists; return whether it does."""
    try:
        members[pid] = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return False
    return True


def _children(pid: int) -> list[int]:
    """The children of all threads of a process; none if the process has ended.

    psutil would read the parent of every process of the machine: 40 us each, ten times per second, beside
    a server whose latency is being measured. So psutil is used only if the kernel does not list children.
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
    """USS and PSS, for which this user needs the right to trace the process (ptrace(2),
    PTRACE_MODE_READ).
    """
    try:
        memory = process.memory_full_info()
    except psutil.AccessDenied:
        return None, None
    return memory.uss, memory.pss
