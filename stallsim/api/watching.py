"""``stallsim.watch`` and ``stallsim.watch_blocking``: a live server's connections, look after look."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import trio

from ..option_values import Time, to_seconds, to_text
from ..timeline.watched import Snapshot
from ..watching.repeated_looks import RepeatedLooks, pause_s
from ..watching.servers import find_servers
from ..watching.watch import Watch
from .in_trio import require_trio


@asynccontextmanager
async def watch(
    target: str | int | None = None,
    *,
    cgroup: str | None = None,
    interval: Time = 2.0,
    after: Time = 10.0,
    anonymous: bool = False,
) -> AsyncIterator[AsyncIterator[Snapshot]]:
    """Snapshots of a live server, the first immediately, while the caller iterates (trio).

    ``target``: a process id, ``":8000"``, a command's name, or None for all listening servers of this
    user. ``cgroup``: a unit's name or a cgroup's path; only sockets that its processes have opened are
    shown. ``interval``: the time between two looks, which is longer if looks would take more than 5 % of a
    core. ``after``: how long a window must be shut for the word *stalled*. ``anonymous``: peers are shown
    as hashes. Each look is made in a thread, since it may take long.

    Raises StallsimError if there is no server to watch, Unavailable if the kernel does not answer.
    """
    require_trio("watch")
    made = await trio.to_thread.run_sync(_made, target, cgroup, to_seconds("after", after), anonymous)
    try:
        yield RepeatedLooks(made, to_seconds("interval", interval))
    finally:
        made.close()


@contextmanager
def watch_blocking(
    target: str | int | None = None,
    *,
    cgroup: str | None = None,
    interval: Time = 2.0,
    after: Time = 10.0,
    anonymous: bool = False,
) -> Iterator[Iterator[Snapshot]]:
    """``watch`` for any thread: an iterator that sleeps between two looks."""
    interval_s = to_seconds("interval", interval)
    made = _made(target, cgroup, to_seconds("after", after), anonymous)

    def looks() -> Iterator[Snapshot]:
        while True:
            began_s = time.monotonic()
            yield made.look()
            due_s = began_s + pause_s(interval_s, made.took_s)
            time.sleep(max(0.0, due_s - time.monotonic()))

    try:
        yield looks()
    finally:
        made.close()


def _made(target: str | int | None, cgroup: str | None, after_s: float, anonymous: bool) -> Watch:
    if isinstance(target, int):
        target = str(int(target))
    found = find_servers(
        None if target is None else to_text("target", target),
        None if cgroup is None else to_text("cgroup", cgroup),
    )
    return Watch(found, after_s, anonymous=anonymous)
