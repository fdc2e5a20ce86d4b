"""What is read of a fleet goes to its timeline, with what has changed since the reading before."""

import trio

from ..timeline.events.what import What
from ..timeline.fleet.clients import HeldCount
from ..timeline.fleet.reading import Reading
from ..timeline.fleet.records import Worker
from ..timeline.fleet.steps import FleetStep, StepKind, Stepped
from ..timeline.records import Event
from ..timeline.timeline import Timeline
from .holders import Holders
from .readings import Readings, changes

TICK_S = 0.1
"""The times of readings are recorded in such steps."""
_LOOK_EACH_S, _LOOKS_PER_REST = 0.8, 0.04
"""Looks at very many sockets are rarer, so that they take no more than that of a core."""


class RecordedReadings:
    """Reads when it is told to, and says when that is due again."""

    def __init__(self, timeline: Timeline, holders: Holders, readings: Readings) -> None:
        self._timeline, self._holders, self._readings = timeline, holders, readings
        self._began_s = trio.current_time()
        self.latest = Reading(tick=0, tally=HeldCount())
        self.due_s = 0.0
        """When the next reading is due."""
        self.rss_most_bytes: int | None = None
        """Of the server's processes, since the step before."""

    @property
    def elapsed_s(self) -> float:
        """Since the beginning."""
        return trio.current_time() - self._began_s

    @property
    def tick(self) -> int:
        """The same on the timeline's axis."""
        return round(self.elapsed_s / TICK_S)

    async def read(self, *, memory: bool = False) -> Reading:
        """Of all workers together; ``memory``: with the kernel memory of their sockets."""
        for one in self._holders.news(self.tick):
            self._timeline.append(one if isinstance(one, Worker) else Event(tick=self.tick, what=one))
        for reading in await self._readings.read(self.tick, memory=memory):
            self._timeline.append(reading)
        now = self._timeline.fleet.now
        assert now is not None, "this program itself has read"
        for change in changes(self.latest, now):
            self.happened(change)
        self.latest = now
        took_s = now.look.took_s if now.look is not None else 0.0
        self.due_s = trio.current_time() + max(_LOOK_EACH_S, took_s / _LOOKS_PER_REST)
        if now.rss_bytes is not None:
            self.rss_most_bytes = max(now.rss_bytes, self.rss_most_bytes or 0)
        return now

    def end_step(self, kind: StepKind, step: FleetStep) -> None:
        """What was read since the step before has become this one."""
        self._timeline.append(Stepped(tick=self.tick, kind=kind, step=step))
        self.rss_most_bytes = None

    def happened(self, what: What) -> None:
        """That something happens now."""
        self._timeline.append(Event(tick=self.tick, what=what))
