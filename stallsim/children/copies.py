"""Forks copies of this process, each with work of its own; memory of imported modules is shared."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial

from .parent import end_with_parent


def in_copies(work: Callable[[int, int], None], pipes: Sequence[tuple[int, int]]) -> int:
    """Run ``work(reads, writes)`` in one copy for each pair of descriptors, which no other process keeps.

    Returns 0 once all copies have ended, 1 if any failed. For a single pair, this process does the work
    itself. A copy ends when ``work`` returns, and by SIGKILL if this process is killed. SIGINT and SIGTERM
    are ignored, so that no copy ends in the middle of its work.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if len(pipes) == 1:
        end_with_parent()
        work(*pipes[0])
        return 0
    gc.disable()  # a collection would write to every page, and then no page would be shared
    gc.freeze()
    pids = [fork_copy(partial(_with_its_own, work, pair, pipes)) for pair in pipes]
    for pair in pipes:
        _close(pair)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    return int(any(codes))


def _with_its_own(
    work: Callable[[int, int], None], own: tuple[int, int], pipes: Sequence[tuple[int, int]]
) -> None:
    for pair in pipes:
        if pair != own:
            _close(pair)
    work(*own)


def fork_copy(work: Callable[[], None]) -> int:
    """Fork a copy that does this work, and return its pid. The copy ends with 0, or with 1 if it failed,
    and by SIGKILL if the thread that has created it ends.
    """
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        end_with_parent(parent)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - it is shown on standard error, as Python itself would show it
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _close(pair: tuple[int, int]) -> None:
    for end in pair:
        os.close(end)
