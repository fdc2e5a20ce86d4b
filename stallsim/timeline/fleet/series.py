"""The course of a fleet: all workers' readings on one time axis, and the steps that are judged."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from ..thinning import append_thinned
from .merge import together
from .reading import Reading
from .records import OfAFleet, Worker
from .steps import FleetStep, StepKind, Stepped


class FleetSeries:
    """Collects the records of a fleet; a worker's readings are thinned if there are too many."""

    def __init__(self, readings_max: int) -> None:
        self._readings_max = readings_max
        self.readings: dict[str, list[Reading]] = {}
        """The readings of each worker, in order of time."""
        self.steps: list[Stepped] = []
        self.workers: list[Worker] = []
        """The workers, each with its latest share."""
        self._latest: dict[str, Reading] = {}

    def add(self, record: OfAFleet) -> None:
        """Add one more record of a fleet."""
        match record:
            case Reading():
                series = self.readings.setdefault(record.worker, [])
                append_thinned(series, record, self._readings_max)
                self._latest[record.worker] = record
            case Stepped():
                self.steps.append(record)
            case Worker():
                self.workers = [one for one in self.workers if one.name != record.name] + [record]

    @property
    def now(self) -> Reading | None:
        """The latest readings of all workers, merged; None before the first."""
        return together(list(self._latest.values())) if self._latest else None

    def merged(self) -> Iterator[Reading]:
        """The merged readings of all workers at each time at which one of them read, with the others'
        latest readings.
        """
        latest: dict[str, Reading] = {}
        ordered = sorted((one for series in self.readings.values() for one in series), key=_tick)
        for number, one in enumerate(ordered):
            latest[one.worker] = one
            if number + 1 == len(ordered) or ordered[number + 1].tick != one.tick:
                yield one if len(self.readings) == 1 else together(list(latest.values()))

    def charged_bytes(self, readings: Sequence[Reading]) -> list[int | None]:
        """The kernel's memory for the fleet's sockets at each of these readings. It is read once for each
        size, so only the last reading before that has a value; the others have None.
        """
        ticks = [one.tick for one in readings]
        found: list[int | None] = [None] * len(ticks)
        for one in self.steps:
            at = bisect_right(ticks, one.tick) - 1
            if one.step.kernel_memory is not None and at >= 0:
                found[at] = one.step.kernel_memory.charged_bytes
        return found

    def of(self, kind: StepKind) -> list[FleetStep]:
        """The steps of one kind, in order."""
        return [one.step for one in self.steps if one.kind is kind]


def _tick(reading: Reading) -> int:
    return reading.tick
