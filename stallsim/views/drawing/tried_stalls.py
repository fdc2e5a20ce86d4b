"""The stalls of a probe, one after the other: which one it is at a tick, and how far it has come."""

from bisect import bisect_right
from typing import NamedTuple

from ...kinds import EventKind, Stalls
from ...timeline import events
from ...timeline.records import Event
from ...timeline.tally import INTENTIONS
from ...timeline.timeline import Timeline

_LEAST_TICKS = 128
"""A stall that is going on is drawn over a stretch that doubles: no column has to be drawn anew often."""
_BEGINS = INTENTIONS | {EventKind.ANSWERS_NO_PING}


def _tick_of(begun: tuple[int, events.Tries]) -> int:
    return begun[0]


class Stretch(NamedTuple):
    """Ticks that a graph is of."""

    first: int
    ticks: int


class TriedStall(NamedTuple):
    """One stall. ``stalled`` and ``witness`` are connections, once they are there."""

    number: int
    of: int
    stall: str
    since: int
    witness: int | None
    stalled: int | None


class TriedStalls:
    """Those of a timeline that may grow."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._begun: list[tuple[int, events.Tries]] = []
        self._judged: dict[int, tuple[int, events.Judged]] = {}

    def clear(self) -> None:
        """Begin anew."""
        self._begun.clear()
        self._judged.clear()

    def note(self, event: Event) -> None:
        """One more event."""
        match event.what:
            case events.Tries():
                self._begun.append((event.tick, event.what))
            case events.Judged() if event.connection is not None:
                self._judged[event.connection] = (event.tick, event.what)
            case _:
                pass

    def at(self, tick: int) -> TriedStall | None:
        """The stall that goes on at ``tick``; None before the first."""
        place = bisect_right(self._begun, tick, key=_tick_of)
        return self._trial(place - 1, tick) if place else None

    def by(self, tick: int) -> list[TriedStall]:
        """All that have begun by ``tick``."""
        count = bisect_right(self._begun, tick, key=_tick_of)
        return [self._trial(place, tick) for place in range(count)]

    def judged(self, connection: int | None, tick: int) -> events.Judged | None:
        """What the stall of that client had come to by ``tick``."""
        found = None if connection is None else self._judged.get(connection)
        return found[1] if found is not None and found[0] <= tick else None

    def order(self, tick: int) -> list[int]:
        """Connections: those of the stall that goes on, the stalled one first; then those before."""
        return [
            connection
            for tried in reversed(self.by(tick))
            for connection in (tried.stalled, tried.witness)
            if connection is not None
        ]

    def stretch(self, connection: int, tick: int) -> Stretch:
        """The ticks of the stall that the connection was opened for."""
        info = self._timeline.connections.get(connection)
        place = bisect_right(self._begun, info.tick if info else tick, key=_tick_of)
        first = self._begun[place - 1][0] if place else 0
        if place < len(self._begun):
            return Stretch(first, max(1, self._begun[place][0] - first))
        reached = max(tick, self._timeline.last_tick) - first + 1
        if self._timeline.end is not None:
            return Stretch(first, max(1, reached))
        ticks = _LEAST_TICKS
        while ticks < reached:
            ticks *= 2
        return Stretch(first, ticks)

    def progress(self, tried: TriedStall, tick: int, *, confirmed: bool) -> str:
        """In a word or two; ``confirmed``: the kernel says that the client is stalled."""
        judged = self.judged(tried.stalled, tick)
        if judged is not None:
            return judged.outcome
        about = self._timeline.about(tried.stalled) if tried.stalled is not None else ()
        kinds = {one.kind for one in about if isinstance(one, Event) and one.tick <= tick}
        if EventKind.LEAVES in kinds:
            return "gone"
        if EventKind.WAKES in kinds:
            return "wakes"
        if kinds & _BEGINS:
            return "stalled" if confirmed else "stops reading"
        return "starts" if tried.witness is None else "baseline"

    def _trial(self, place: int, tick: int) -> TriedStall:
        since, tries = self._begun[place]
        until = self._begun[place + 1][0] if place + 1 < len(self._begun) else tick + 1
        until = min(tick + 1, max(until, since + 1))
        joined = [info for info in self._timeline.connections if since <= info.tick < until]
        return TriedStall(
            number=tries.number,
            of=tries.of,
            stall=tries.stall,
            since=since,
            witness=next((one.connection for one in joined if one.stalls is Stalls.NEVER), None),
            stalled=next((one.connection for one in joined if one.stalls is not Stalls.NEVER), None),
        )
