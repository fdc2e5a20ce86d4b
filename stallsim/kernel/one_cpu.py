"""One CPU for a thread: what the kernel frees on another one than it was made on, it frees later.

What a reader has taken from its receive queue is freed at once only on the CPU on which it was made
(``skb_attempt_defer_free``, net/core/skbuff.c, Linux 5.19); until then the page that it lies in is not used
again for the next bytes (``skb_page_frag_refill``, net/core/sock.c). Where a message crosses from one page
into the next decides into how many pieces a receive queue falls, each of which costs memory, and so at
which byte a window shuts.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PROCESSOR = 36
"""The 39th field of proc_pid_stat(5), without the pid and the name."""


class Held:
    """What is known of a thread's CPU while it is to stay there."""

    def __init__(self, cpu: int | None) -> None:
        self._cpu = cpu

    @property
    def still(self) -> bool:
        """Whether the thread may run there alone, as it was asked for at first."""
        return self._cpu is not None and os.sched_getaffinity(0) == {self._cpu}


@contextmanager
def on_one_cpu() -> Iterator[Held]:
    """Keep this thread on the CPU that it is on, if the system lets it, for as long as the block lasts.

    A process that is started within stays there, too.
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
        with suppress(OSError):  # none of them is there any more: the kernel has chosen others
            os.sched_setaffinity(0, before)


def _current() -> int:
    return int(Path("/proc/thread-self/stat").read_bytes().rpartition(b")")[2].split()[_PROCESSOR])
