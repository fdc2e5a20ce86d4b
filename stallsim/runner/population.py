"""Who comes when, and who has to leave when: drawn from the scenario's seed, so the same every time."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from msgspec.structs import replace

from ..clients import NEVER, Client
from ..profile.scenario import ClientGroup, Scenario
from .resolve import Participants


class Arrival(NamedTuple):
    """One client that connects now, and the tick at which its life is over (``NEVER``: the run's end)."""

    group: ClientGroup
    client: Client
    leave_tick: int


class _Schedule:
    """One group's arrivals and lives."""

    def __init__(self, group: ClientGroup, client: Client, scenario: Scenario) -> None:
        self._group, self._client, self._tick_s = group, client, scenario.tick_s
        self._random = Random(f"{scenario.seed}/{group.name}")
        self._last_tick = scenario.ticks - self._ticks(scenario.calm)
        self._left = group.count if group.arrival is None else NEVER
        self._next_s = 0.0 if group.arrival is None else group.arrival.draw(self._random)

    @property
    def done(self) -> bool:
        """Whether nobody of this group will come any more."""
        return self._left == 0

    def due(self, tick: int, room: int) -> Iterator[Arrival]:
        """Those who arrive by that tick; for whom there is no room stays away."""
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
    """The groups' schedules, and how many of each are there."""

    def __init__(self, participants: Participants, scenario: Scenario) -> None:
        self._schedules = {
            group.name: _Schedule(group, client, scenario) for group, client in participants.clients
        }
        self._counts = {group.name: group.count for group, _ in participants.clients}
        self._present: Counter[str] = Counter()

    @property
    def complete(self) -> bool:
        """Whether everybody has come who ever will."""
        return all(schedule.done for schedule in self._schedules.values())

    def arriving(self, tick: int) -> Iterator[Arrival]:
        """Who connects at that tick, in the groups' order."""
        for name, schedule in self._schedules.items():
            for arrival in schedule.due(tick, self._counts[name] - self._present[name]):
                self._present[name] += 1
                yield arrival

    def gone(self, name: str) -> None:
        """One of that group has left, and there is room for another."""
        self._present[name] -= 1
