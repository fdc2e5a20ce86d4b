"""What the whole run used, as it went on: the queues' total, and every resource from cycle to cycle."""

from dataclasses import dataclass, field

from .records import Resources

RESOURCES = ("queue_bytes", "descriptors", "tasks", "rss_bytes")
TROUGHS_MAX = 512
"""A slope looks at all pairs: beyond this many cycles, two are taken as one."""


@dataclass(slots=True)
class Usage:
    """Running figures of a run whose load repeats itself every ``cycle`` ticks, if it does."""

    cycle: int | None = None
    resources: list[Resources] = field(default_factory=list)
    """Readings in order of time, thinned where they are too many."""
    queue_bytes: int = 0
    """Over all connections, now."""
    queue_bytes_max_before: int = 0
    """The most that they came to at the end of an earlier tick."""
    baseline: Resources | None = None
    """The last reading before the first client meant to stall; the first one where none did."""
    last: Resources | None = None
    most: dict[str, int] = field(default_factory=dict)
    """The highest reading of each resource."""
    troughs: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in RESOURCES})
    """The lowest reading of each resource in each cycle; the last cycle may not be over."""
    cycles_each: int = 1
    """How many cycles a trough is of."""
    stalling: bool = False
    """A client has meant to stall."""

    @property
    def queue_bytes_max(self) -> int:
        """The most that all application queues held together, at the end of a tick."""
        return max(self.queue_bytes_max_before, self.queue_bytes)

    def close_tick(self) -> None:
        """Every connection has been counted once more."""
        self.queue_bytes_max_before = self.queue_bytes_max

    def stall_begins(self) -> None:
        """A client means to stall: the baseline is what was read before."""
        if not self.stalling:
            self.stalling, self.baseline = True, self.last

    def add(self, reading: Resources, kept_max: int) -> None:
        """One more reading; of more than ``kept_max`` every second one is let go."""
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
        """The troughs of a resource in the cycles that are over."""
        if self.last is None or self.cycle is None:
            return []
        return self.troughs[name][: (self.last.tick + 1) // (self.cycle * self.cycles_each)]
