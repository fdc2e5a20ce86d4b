"""Keeps a thread on one CPU, since the kernel frees later what it frees on another CPU than it was
allocated on.

Memory that a reader has taken from its receive queue is freed at once only on the CPU on which it was
allocated (``skb_attempt_defer_free``, net/core/skbuff.c, Linux 5.19). Until then its page is not used
again for the next bytes (``skb_page_frag_refill``, net/core/sock.c). The place where a message crosses
from one page to the next decides into how many pieces a receive queue falls. Each piece costs memory, so
this decides at which byte a window shuts.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PROCESSOR = 36
"""The index of the 39th field of proc_pid_stat(5), counted after the pid and the name."""


class Held:
    """The CPU of a thread that is to stay on it."""

    def __init__(self, cpu: int | None) -> None:
        self._cpu = cpu

    @property
    def still(self) -> bool:
        """Whether the thread may still run on this CPU only."""
        return self._cpu is not None and os.sched_getaffinity(0) == {self._cpu}


@contextmanager
def on_one_cpu() -> Iterator[Held]:
    """Keep this thread on its current CPU, if the system allows it, while the block lasts.

    A process that is started within the block stays on that CPU, too.
    """
    before, cpu = os.sched_getaffinity(0), _current()
    try:
        os.sched_setaffinity(0, {cpu})
        held = Held(cpu)
    except OSError:
        held = Held(None)
    try:
        yield held
    finally:
        with suppress(OSError):  # these CPUs no longer exist: the kernel has chosen others
            os.sched_setaffinity(0, before)


def _current() -> int:
    return int(Path("/proc/thread-self/stat").read_bytes().rpartition(b")")[2].split()[_PROCESSOR])
