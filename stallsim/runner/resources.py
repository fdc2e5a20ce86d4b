"""Reads the resources of this process regularly during a run, so that growth can be judged.

A reading costs about 30 us: two files of /proc, and a few counts.
"""

import os
import resource
from collections.abc import Collection
from pathlib import Path

import trio

from ..profile.scenario import Scenario
from ..timeline.records import Resources
from ..timeline.timeline import Timeline
from .connection import Connection

_TICKS = 100
"""Ticks between two readings; fewer if a cycle is short."""
_READINGS_PER_CYCLE = 10


class ResourceProbe:
    """Reads the resources at tick 0, at regular intervals, and at the last tick."""

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self._timeline, self._last = timeline, scenario.ticks - 1
        self._every = _TICKS
        if scenario.cycle is not None:
            self._every = min(_TICKS, max(1, scenario.cycle // _READINGS_PER_CYCLE))

    def look(self, tick: int, connections: Collection[Connection], *, over: bool = False) -> None:
        """Read at the end of a tick, if a reading is due; ``over``: the run ends with this tick."""
        if not (tick % self._every == 0 or tick == self._last or over):
            return
        self._timeline.append(
            Resources(
                tick=tick,
                connections=sum(not connection.session.ended for connection in connections),
                queue_bytes=sum(connection.session.sending.queue.total_bytes for connection in connections),
                descriptors=len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - a quarter of the cost
                tasks=trio.lowlevel.current_statistics().tasks_living,
                rss_bytes=_resident_bytes(),
            )
        )


def _resident_bytes() -> int:
    """The resident set (proc_pid_statm(5)): the second figure, in pages."""
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * resource.getpagesize()
