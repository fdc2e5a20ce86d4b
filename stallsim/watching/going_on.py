"""A watch that goes on: repeated looks, in a thread, with at most a twentieth of a core."""

from collections.abc import AsyncIterator, Callable

import trio

from ..timeline.watched import Snapshot
from .watch import Watch

SHARE_MAX = 0.05
"""The share of one core that looks may take."""
_BETWEEN = 5


def pause_s(interval_s: float, took_s: float) -> float:
    """Seconds between the beginnings of two looks, if the last one took so much CPU time."""
    return max(interval_s, took_s / SHARE_MAX)


class Looking:
    """Snapshots for ``async for``, the first at once; it ends when the watch is closed."""

    def __init__(self, watch: Watch, interval_s: float) -> None:
        self.watch, self._interval_s = watch, interval_s
        self._due_s: float | None = None

    def __aiter__(self) -> AsyncIterator[Snapshot]:
        return self

    async def __anext__(self) -> Snapshot:
        """The next look, when it is due. Raises Unavailable where the source does not answer any more."""
        if self._due_s is not None:
            await trio.sleep_until(self._due_s)
        began_s = trio.current_time()
        snapshot = await trio.to_thread.run_sync(self.watch.look)
        self._due_s = began_s + pause_s(self._interval_s, self.watch.took_s)
        return snapshot


def look_once(watch: Watch, gap_s: float, sleep: Callable[[float], None]) -> Snapshot:
    """One snapshot of two readings ``gap_s`` apart.

    There are some between them: a few words take two looks in a row, and the memory's slope takes more.
    """
    snapshot = watch.look()
    for _ in range(_BETWEEN):
        sleep(gap_s / _BETWEEN)
        snapshot = watch.look()
    return snapshot
