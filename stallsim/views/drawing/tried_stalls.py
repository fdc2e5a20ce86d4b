"""The stalls of a probe: which of them are running at a tick, and how far each has come."""

from bisect import bisect_right
from typing import NamedTuple

from ...kinds import EventKind, Stalls
from ...timeline.events.probe import Judged, Tries
from ...timeline.records import Event
from ...timeline.tally import INTENTIONS
from ...timeline.timeline import Timeline

_LEAST_TICKS = 128
"""The ticks of the graph of a running stall double from this number, so that its columns are rarely
redrawn.
"""
_BEGINS = INTENTIONS | {EventKind.ANSWERS_NO_PING}


def _tick_of(begun: tuple[int, Tries]) -> int:
    return begun[0]


class Stretch(NamedTuple):
    """The range of ticks that a graph shows."""

    first: int
    ticks: int


class TriedStall(NamedTuple):
    """One stall. ``stalled`` and ``witness`` are connections; None until they are open."""

    number: int
    of: int
    stall: str
    since: int
    witness: int | None
    stalled: int | None


class TriedStalls:
    """The stalls of a timeline that may grow. Several may run at the same time."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._begun: list[tuple[int, Tries]] = []
        self._judged: dict[int, tuple[int, Judged]] = {}
        """By the stalled client's connection."""

    def clear(self) -> None:
        """Discard everything."""
        self._begun.clear()
        self._judged.clear()

    def note(self, event: Event) -> None:
        """Add one event."""
        match event.what:
            case Tries():
                self._begun.append((event.tick, event.what))
            case Judged() if event.connection is not None:
                self._judged[event.connection] = (event.tick, event.what)
            case _:
                pass

    def at(self, tick: int) -> TriedStall | None:
        """The first stall that is running at ``tick``, or the last one; None before the first."""
        begun = self.by(tick)
        return next((one for one in begun if self._goes_on(one, tick)), begun[-1] if begun else None)

    def by(self, tick: int) -> list[TriedStall]:
        """All stalls that have begun by ``tick``, in the order of their numbers."""
        count = bisect_right(self._begun, tick, key=_tick_of)
        latest = {tries.number: (since, tries) for since, tries in self._begun[:count]}
        return [self._tried(*latest[number], tick) for number in sorted(latest)]

    def judged(self, connection: int | None, tick: int) -> Judged | None:
        """The judgement of the stall of this client, if there was one by ``tick``."""
        found = None if connection is None else self._judged.get(connection)
        return found[1] if found is not None and found[0] <= tick else None

    def order(self, tick: int) -> list[int]:
        """Connections in order: of the running stalls, then of those before; of each, the stalled client
        first.
        """
        begun = self.by(tick)
        going_on = [one for one in begun if self._goes_on(one, tick)]
        over = [one for one in reversed(begun) if one not in going_on]
        return [
            connection
            for tried in going_on + over
            for connection in (tried.stalled, tried.witness)
            if connection is not None
        ]

    def stretch(self, connection: int, tick: int) -> Stretch:
        """The ticks of the stall to which the connection belongs."""
        info, number = self._timeline.connections.get(connection), self._timeline.stall_of(connection)
        opened = tick if info is None else info.tick
        first = max((at for at, tries in self._begun if tries.number == number and at <= opened), default=0)
        tried = next((one for one in self.by(tick) if one.number == number), None)
        judged = None if tried is None or tried.stalled is None else self._judged.get(tried.stalled)
        if judged is not None:
            return Stretch(first, max(1, judged[0] - first))
        reached = max(tick, self._timeline.last_tick) - first + 1
        if self._timeline.end is not None:
            return Stretch(first, max(1, reached))
        ticks = _LEAST_TICKS
        while ticks < reached:
            ticks *= 2
        return Stretch(first, ticks)

    def progress(self, tried: TriedStall, tick: int, *, confirmed: bool) -> str:
        """The progress in a word or two. ``confirmed``: the kernel confirms that the client is stalled."""
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

    def _goes_on(self, tried: TriedStall, tick: int) -> bool:
        return self.judged(tried.stalled, tick) is None

    def _tried(self, since: int, tries: Tries, tick: int) -> TriedStall:
        """The stall with its latest clients: if a stall is repeated, they connect again."""
        joined = {
            info.stalls is Stalls.NEVER: info.connection
            for info in self._timeline.connections
            if since <= info.tick <= tick and self._timeline.stall_of(info.connection) == tries.number
        }
        return TriedStall(
            number=tries.number,
            of=tries.of,
            stall=tries.stall,
            since=since,
            witness=joined.get(True),
            stalled=joined.get(False),
        )
