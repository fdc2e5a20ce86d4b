"""Reads how long each thread of a process was ready to run while others had its CPU: ``run_delay``, the
second number of ``/proc/PID/task/TID/schedstat`` (the kernel's sched-stats.rst).

Every user may read it for every process. The waiting time of a thread that waits now is counted when it
has run.
"""

from pathlib import Path

_RUN_DELAY = 1


def run_delays(pid: int) -> dict[int, int]:
    """Nanoseconds of ``run_delay`` since each thread's beginning; empty if the process has ended, or if
    this kernel lacks the figure (CONFIG_SCHED_INFO).
    """
    found = {}
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found[int(thread.name)] = _delay(thread / "schedstat")
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return found  # the process has ended meanwhile, or is hidden (hidepid)
    return found


def _delay(path: Path) -> int:
    return int(path.read_text(encoding="utf-8").split()[_RUN_DELAY])
