"""The resources that a whole run used: the total of the queues, and every resource from cycle to cycle."""

from dataclasses import dataclass, field

from .records import Resources

RESOURCES = ("queue_bytes", "descriptors", "tasks", "rss_bytes")
TROUGHS_MAX = 512
"""The most cycles; beyond this, two are merged into one, since a slope examines all pairs."""


@dataclass(slots=True)
class Usage:
    """Running figures of a run. If ``cycle`` is set, the run's load repeats itself every
    ``cycle`` ticks.
    """

    cycle: int | None = None
    resources: list[Resources] = field(default_factory=list)
    """Readings in order of time, thinned if there are too many."""
    queue_bytes: int = 0
    """Bytes in the queues of all connections now."""
    queue_bytes_max_before: int = 0
    """The largest such sum at the end of an earlier tick."""
    baseline: Resources | None = None
    """The last reading before the first client announced a stall; the first reading if none did."""
    last: Resources | None = None
    most: dict[str, int] = field(default_factory=dict)
    """The highest reading of each resource."""
    troughs: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in RESOURCES})
    """The lowest reading of each resource in each cycle; the last cycle may be incomplete."""
    cycles_each: int = 1
    """The number of cycles that each trough covers."""
    stalling: bool = False
    """Whether a client has announced a stall."""

    @property
    def queue_bytes_max(self) -> int:
        """The most bytes that all application queues held together at the end of a tick."""
        return max(self.queue_bytes_max_before, self.queue_bytes)

    def close_tick(self) -> None:
        """End a tick: every connection has been counted."""
        self.queue_bytes_max_before = self.queue_bytes_max

    def stall_begins(self) -> None:
        """Record that a client announces a stall: the reading before is the baseline."""
        if not self.stalling:
            self.stalling, self.baseline = True, self.last

    def add(self, reading: Resources, kept_max: int) -> None:
        """Add a reading; if there are more than ``kept_max``, remove every second one."""
        self.last = reading
        if not self.stalling and self.baseline is None:
            self.baseline = reading
        for name in RESOURCES:
            self.most[name] = max(getattr(reading, name), self.most.get(name, 0))
        self.resources.append(reading)
        if len(self.resources) > kept_max:
            del self.resources[1:-1:2]
        if self.cycle is not None:
            self._count(reading, reading.tick // (self.cycle * self.cycles_each))

    def _count(self, reading: Resources, cycle: int) -> None:
        for name, troughs in self.troughs.items():
            value: int = getattr(reading, name)
            while len(troughs) < cycle:  # a cycle without a reading of its own
                troughs.append(value)
            if len(troughs) == cycle:
                troughs.append(value)
            elif value < troughs[cycle]:
                troughs[cycle] = value
        if len(self.troughs["tasks"]) > TROUGHS_MAX:
            self.cycles_each *= 2
            for troughs in self.troughs.values():
                troughs[:] = [min(troughs[at : at + 2]) for at in range(0, len(troughs), 2)]

    def whole(self, name: str) -> list[int]:
        """The troughs of a resource in the complete cycles."""
        if self.last is None or self.cycle is None:
            return []
        return self.troughs[name][: (self.last.tick + 1) // (self.cycle * self.cycles_each)]
