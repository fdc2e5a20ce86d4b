"""Draws from the scenario's seed when clients arrive and leave, so that each run is the same."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from msgspec.structs import replace

from ..clients import NEVER, Client
from ..profile.scenario import ClientGroup, Scenario
from .resolve import Participants


class Arrival(NamedTuple):
    """A client that connects now, and the tick at which it must leave (``NEVER``: at the run's end)."""

    group: ClientGroup
    client: Client
    leave_tick: int


class _Schedule:
    """The arrivals and durations of one group's clients."""

    def __init__(self, group: ClientGroup, client: Client, scenario: Scenario) -> None:
        self._group, self._client, self._tick_s = group, client, scenario.tick_s
        self._random = Random(f"{scenario.seed}/{group.name}")
        self._last_tick = scenario.ticks - self._ticks(scenario.calm)
        self._left = group.count if group.arrival is None else NEVER
        self._next_s = 0.0 if group.arrival is None else group.arrival.draw(self._random)

    @property
    def done(self) -> bool:
        """Whether no further client of this group will come."""
        return self._left == 0

    def due(self, tick: int, room: int) -> Iterator[Arrival]:
        """The clients that arrive by this tick; those for whom there is no room are left out."""
        if self._group.arrival is not None and tick >= self._last_tick:
            self._left = 0
        while self._left and self._next_s <= tick * self._tick_s:
            self._left -= 1
            if self._group.arrival is not None:
                self._next_s += max(self._tick_s, self._group.arrival.draw(self._random))
            if room > 0:
                room -= 1
                yield self._arrive(tick)

    def _arrive(self, tick: int) -> Arrival:
        ticks = {
            key.replace("-", "_"): self._ticks(duration.draw(self._random))
            for key, duration in self._group.draw.items()
        }
        client = replace(self._client, **ticks) if ticks else self._client
        life = self._group.life
        leave = NEVER if life is None else tick + max(1, self._ticks(life.draw(self._random)))
        if self._group.arrival is not None:
            leave = min(leave, self._last_tick)
        return Arrival(self._group, client, leave)

    def _ticks(self, seconds: float) -> int:
        return round(seconds / self._tick_s)


class Population:
    """The groups' schedules, and the number of each group's clients that are present."""

    def __init__(self, participants: Participants, scenario: Scenario) -> None:
        self._schedules = {
            group.name: _Schedule(group, client, scenario) for group, client in participants.clients
        }
        self._counts = {group.name: group.count for group, _ in participants.clients}
        self._present: Counter[str] = Counter()

    @property
    def complete(self) -> bool:
        """Whether no further client will come."""
        return all(schedule.done for schedule in self._schedules.values())

    def arriving(self, tick: int) -> Iterator[Arrival]:
        """The clients that connect at this tick, in the order of their groups."""
        for name, schedule in self._schedules.items():
            for arrival in schedule.due(tick, self._counts[name] - self._present[name]):
                self._present[name] += 1
                yield arrival

    def gone(self, name: str) -> None:
        """Note that a client of that group has left, which makes room for another."""
        self._present[name] -= 1
