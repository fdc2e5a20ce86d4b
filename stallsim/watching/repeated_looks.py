"""Repeats the looks of a watch, in a thread, with at most a twentieth of a core."""

from collections.abc import AsyncIterator, Callable

import trio

from ..timeline.watched import Snapshot
from .watch import Watch

SHARE_MAX = 0.05
"""The share of one core that looks may take."""
_BETWEEN = 5


def pause_s(interval_s: float, took_s: float) -> float:
    """Seconds between the starts of two looks, if the last look took ``took_s`` of CPU time."""
    return max(interval_s, took_s / SHARE_MAX)


class RepeatedLooks:
    """Snapshots for ``async for``, the first one at once."""

    def __init__(self, watch: Watch, interval_s: float) -> None:
        self.watch, self._interval_s = watch, interval_s
        self._due_s: float | None = None

    def __aiter__(self) -> AsyncIterator[Snapshot]:
        return self

    async def __anext__(self) -> Snapshot:
        """The next look, when it is due. Raises Unavailable if the source no longer answers."""
        if self._due_s is not None:
            await trio.sleep_until(self._due_s)
        began_s = trio.current_time()
        snapshot = await trio.to_thread.run_sync(self.watch.look)
        self._due_s = began_s + pause_s(self._interval_s, self.watch.took_s)
        return snapshot


def look_once(watch: Watch, gap_s: float, sleep: Callable[[float], None]) -> Snapshot:
    """One snapshot of two readings ``gap_s`` apart.

    There are more looks between the two, since some words need two looks in a row, and the slope of the
    memory needs several.
    """
    snapshot = watch.look()
    for _ in range(_BETWEEN):
        sleep(gap_s / _BETWEEN)
        snapshot = watch.look()
    return snapshot
