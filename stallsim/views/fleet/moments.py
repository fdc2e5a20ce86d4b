"""The data of a fleet's dashboard: one moment for each reading, with all workers merged."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ...kinds import EventKind
from ...timeline.events.fleet import FleetEvent
from ...timeline.fleet.asked import FleetAsked
from ...timeline.fleet.merge import together
from ...timeline.fleet.reading import Reading
from ...timeline.fleet.steps import FleetStep, StepKind, Stepped
from ...timeline.records import Event, Header, Record
from ...timeline.thinning import append_thinned
from ...timeline.timeline import Timeline
from .events import fleet_event_words
from .table import octaves

_MOMENTS_MAX = 1200


class FleetMoment(NamedTuple):
    """The fleet at one time."""

    reading: Reading
    octaves: Sequence[int]
    """Send queues by size (``table.octaves``); empty where they cannot be seen."""


class FleetMoments:
    """A listener of a fleet's timeline, live; or made of a recorded one with ``of``."""

    def __init__(self) -> None:
        self.asked: FleetAsked | None = None
        self.tick_s = 0.1
        self.moments: list[FleetMoment] = []
        self.steps: list[Stepped] = []
        self.happened: list[tuple[int, str, bool]] = []
        """For each event its time, its words, and whether it ended the fleet's growth."""
        self.woken_at: int | None = None
        """The tick at which a share was woken."""
        self.changes = 0
        """The number of records so far. If it has not changed, no frame has changed."""
        self._latest: dict[str, Reading] = {}

    @classmethod
    def of(cls, timeline: Timeline) -> "FleetMoments":
        """The moments of a whole recording."""
        made = cls()
        if timeline.header is not None:
            made(timeline.header)
        records: list[Reading | Stepped] = [*timeline.fleet.merged(), *timeline.fleet.steps]
        for record in sorted(records, key=_tick):
            made(record)
        for happening in timeline.happenings:
            made(happening)
        return made

    def __call__(self, record: Record) -> None:
        """Add the next record of the timeline."""
        match record:
            case Header():
                self.asked, self.tick_s = record.fleet, record.scenario.tick_s
            case Reading():
                self._latest[record.worker] = record
                now = record if len(self._latest) == 1 else together(list(self._latest.values()))
                sizes = octaves(now.look.queues) if now.look is not None else []
                append_thinned(self.moments, FleetMoment(now, sizes), _MOMENTS_MAX)
            case Stepped():
                self.steps.append(record)
            case Event(what=what) if isinstance(what, FleetEvent):
                stops = record.kind is EventKind.FLEET_STOPS
                if record.kind is EventKind.FLEET_WAKES:
                    self.woken_at = record.tick
                append_thinned(self.happened, (record.tick, fleet_event_words(what), stops), _MOMENTS_MAX)
            case _:
                return
        self.changes += 1

    def baseline(self, tick: int) -> FleetStep | None:
        """The witnesses' measurements before the first parked client; None before they are known."""
        return next((one.step for one in self.steps_until(tick) if one.kind is StepKind.BASELINE), None)

    def steps_until(self, tick: int) -> list[Stepped]:
        """The steps that had ended by that moment."""
        return self.steps[: bisect_right(self.steps, tick, key=_tick)]

    def order(self, tick: int) -> list[int]:
        """No connection can be in focus, so there is no order of them."""
        return []

    def phase_ticks(self, connection: int) -> Sequence[int]:
        """The moments at which a step ends."""
        return [self._place(one.tick) for one in self.steps]

    def event_ticks(self) -> Sequence[int]:
        """The moments at which anything happened."""
        return sorted({self._place(tick) for tick, *_ in self.happened})

    def _place(self, tick: int) -> int:
        return max(0, bisect_right(self.moments, tick, key=lambda one: one.reading.tick) - 1)


def _tick(record: Reading | Stepped) -> int:
    return record.tick
