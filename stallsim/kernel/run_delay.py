"""For how long each thread of a process was ready to run while others had its CPU: ``run_delay``, second
number of ``/proc/PID/task/TID/schedstat`` (the kernel's sched-stats.rst).

Everybody may read it of every process. A thread that waits at this moment is told of when it has run.
"""

from pathlib import Path

_RUN_DELAY = 1


def run_delays(pid: int) -> dict[int, int]:
    """Nanoseconds since its beginning, by thread; empty where the process has ended, or where this kernel
    keeps no such figure (CONFIG_SCHED_INFO).
    """
    found = {}
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found[int(thread.name)] = _delay(thread / "schedstat")
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return found  # it has ended meanwhile, or is hidden (hidepid)
    return found


def _delay(path: Path) -> int:
    return int(path.read_text(encoding="utf-8").split()[_RUN_DELAY])
