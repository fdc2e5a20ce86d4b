"""An index of a timeline by connection and tick, so that a frame takes little time.

As a timeline grows, the index is extended; it is rebuilt only if the timeline was thinned. An answer about
a tick uses nothing that happened after it.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from typing import NamedTuple

from ...kinds import Phase
from ...timeline.events.kernel import Stalled
from ...timeline.outside import ServerMemory
from ...timeline.records import Event, PhaseEvent
from ...timeline.sample import Sample
from ...timeline.timeline import Timeline
from .tried_stalls import TriedStalls

_STALL_ENDS = frozenset({Phase.DRAINING, Phase.RECOVERED, Phase.CLOSED, Phase.RESET, Phase.TIMED_OUT})


class StallSpan(NamedTuple):
    """The ticks of a confirmed stall; ``until`` is None until it ends."""

    since: int
    until: int | None
    evidence: str


class Moments:
    """A timeline's state, by connection and tick."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.tried_stalls = TriedStalls(timeline)
        self._seen = 0
        self._thinnings = timeline.thinnings
        self._phases: dict[int, list[PhaseEvent]] = {}
        self._stalls: dict[int, list[StallSpan]] = {}
        self._peaks: dict[tuple[int, str], list[int]] = {}

    @property
    def outside(self) -> bool:
        """Whether this is a probe of a server from outside."""
        return self.timeline.header is not None and self.timeline.header.probe is not None

    @property
    def tick_s(self) -> float:
        """Seconds between two ticks; 0 before the header has come."""
        return self.timeline.header.scenario.tick_s if self.timeline.header else 0.0

    def when(self, tick: int) -> str:
        """A tick as text: its number; in a probe its time in seconds, since its ticks have no meaning."""
        return f"{tick * self.tick_s:.2f}" if self.outside else f"{tick}"

    def memory(self, connection: int, first: int, last: int) -> list[int]:
        """The memory, in bytes, of the connection's server at the readings from tick ``first`` to
        ``last``.
        """
        series = self.timeline.memory_beside(connection)
        start, stop = bisect_left(series, first, key=_tick), bisect_right(series, last, key=_tick)
        return [one.rss_bytes for one in series[start:stop]]

    def catch_up(self) -> None:
        """Index the happenings that were appended since the last call."""
        if self._thinnings != self.timeline.thinnings:
            self._thinnings = self.timeline.thinnings
            self._seen = 0
            self.tried_stalls.clear()
            for index in (self._phases, self._stalls, self._peaks):
                index.clear()
        happenings = self.timeline.happenings
        for happening in happenings[self._seen :]:
            if isinstance(happening, PhaseEvent):
                self._phases.setdefault(happening.connection, []).append(happening)
                if happening.phase in _STALL_ENDS:
                    self._end_stall(happening.connection, happening.tick)
            else:
                self._note(happening)
        self._seen = len(happenings)

    def _note(self, event: Event) -> None:
        self.tried_stalls.note(event)
        if event.connection is None or not isinstance(event.what, Stalled):
            return
        self._end_stall(event.connection, event.tick)
        stall = StallSpan(event.tick, None, event.what.evidence)
        self._stalls.setdefault(event.connection, []).append(stall)

    def _end_stall(self, connection: int, tick: int) -> None:
        stalls = self._stalls.get(connection)
        if stalls and stalls[-1].until is None:
            stalls[-1] = stalls[-1]._replace(until=tick)

    def index(self, connection: int, tick: int) -> int:
        """The number of the connection's samples up to and including ``tick``."""
        series = self.timeline.samples.get(connection) or []
        guess = tick - series[0].tick if series else -1
        if 0 <= guess < len(series) - 1 and series[guess].tick == tick < series[guess + 1].tick:
            return guess + 1  # one sample for each tick from the first on, as in nearly all timelines
        return bisect_right(series, tick, key=_tick)

    def sample(self, connection: int, tick: int) -> Sample | None:
        """The connection's last sample by ``tick``; None before its first."""
        count = self.index(connection, tick)
        return self.timeline.samples[connection][count - 1] if count else None

    def peak(self, connection: int, field: str, tick: int) -> int:
        """The largest value of a count up to ``tick``."""
        series = self.timeline.samples.get(connection) or []
        peaks = self._peaks.setdefault((connection, field), [])
        for sample in series[len(peaks) :]:
            value = getattr(sample, field)
            peaks.append(max(value, peaks[-1]) if peaks else value)
        count = self.index(connection, tick)
        return peaks[count - 1] if count else 0

    def phases(self, connection: int, tick: int) -> list[PhaseEvent]:
        """The phases that the connection had entered by ``tick``, in order."""
        phases = self._phases.get(connection, [])
        return phases[: bisect_right(phases, tick, key=_tick)]

    def stall(self, connection: int, tick: int) -> StallSpan | None:
        """The connection's latest confirmed stall, as known at ``tick``."""
        stalls = self._stalls.get(connection, [])
        count = bisect_right(stalls, tick, key=_since)
        if not count:
            return None
        stall = stalls[count - 1]
        over = stall.until is not None and stall.until <= tick
        return stall if over else stall._replace(until=None)

    def is_open(self, connection: int, tick: int) -> bool:
        """Whether the connection was still open at ``tick``, since it has a later sample."""
        series = self.timeline.samples.get(connection)
        return series is not None and bool(series) and series[-1].tick > tick

    def happened(self, tick: int) -> int:
        """The number of happenings up to ``tick``."""
        return bisect_right(self.timeline.happenings, tick, key=_tick)

    def by_phase(self, connections: list[int], tick: int) -> list[tuple[str, int]]:
        """The number of these connections in each phase, the most frequent phase first."""
        names: Counter[str] = Counter()
        for connection in connections:
            phases = self.phases(connection, tick)
            unknown = "not kept" if self.sample(connection, tick) else "not open"
            names[phases[-1].phase.value if phases else unknown] += 1
        return names.most_common()


def _tick(record: Sample | PhaseEvent | Event | ServerMemory) -> int:
    return record.tick


def _since(stall: StallSpan) -> int:
    return stall.since
