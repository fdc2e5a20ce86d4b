"""Tells a timeline what a probe does and sees, while it goes on; a probe knows of no view."""

import msgspec
import trio

from ...timeline import events
from ...timeline.outside import Look, Memory, Observed, Probed, ProbeLook
from ...timeline.records import End, Event
from ...timeline.timeline import Timeline
from ..observe.connection_reading import ConnectionReading
from ..observe.observation import StallRecord
from ..observe.observer import LOOK_S
from ..observe.step import Step
from ..result import ProbeResult, StallReport
from ..spec import ProbeSpec
from ..stalls import Stall
from .connection import RecordedConnection
from .header import WITNESS, make_header, names_of, witness_name
from .phases import PhaseTracker

_WAITS_S = 0.5
_MEMORY_TICKS = 5
"""As often as the process is looked at."""


class ProbeRecorder:
    """One probe. Its ticks are looks: ``observer.LOOK_S`` on the wall clock."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._began_s = trio.current_time()
        self._names: list[str] = []
        self._number = 0
        self._stall: Stall | None = None
        self._witness: RecordedConnection | None = None
        self._stalled: RecordedConnection | None = None
        self._memory_due = 0
        self._waits_since_s: float | None = None
        self._waits_for = ""
        self._step = Step.GONE

    @property
    def _tick(self) -> int:
        return max(0, self._timeline.last_tick, int((trio.current_time() - self._began_s) / LOOK_S))

    def begins(self, spec: ProbeSpec, url: str, stalls: list[Stall]) -> None:
        """The probe, and what it will try."""
        self._names = names_of(stalls)
        self._timeline.append(make_header(spec, url, stalls, self._names))

    def skips(self) -> None:
        """The next stall is not tried."""
        self._number += 1

    def tries(self, stall: Stall) -> None:
        """The next stall begins: its server is there."""
        self._stall, self._number = stall, self._number + 1
        self._witness = self._stalled = None
        self._waits_since_s, self._waits_for = None, ""
        what = events.Tries(
            number=self._number,
            of=len(self._names),
            stall=self._names[self._number - 1],
            does=stall.in_words(),
        )
        self._timeline.append(Event(tick=self._tick, what=what))

    @property
    def stall_confirmed(self) -> bool:
        """Whether the kernel has confirmed the stall that is being tried."""
        return self._stalled is not None and self._stalled.stall_confirmed

    def joined(self, line: ConnectionReading, rcvbuf: int | None = None) -> None:
        """A client is connected: first the witness, then the one that is stalled."""
        number = self._timeline.connections.opened
        if self._witness is None or self._stall is None:
            self._timeline.append(line.info(number, self._tick, witness_name(self._number), WITNESS))
            self._witness = RecordedConnection(self._timeline, number, line, None)
        else:
            name = self._names[self._number - 1]
            info = line.info(number, self._tick, name, self._stall.name, rcvbuf, self._stall.maxseg)
            self._timeline.append(info)
            self._stalled = RecordedConnection(self._timeline, number, line, PhaseTracker(self._stall))

    def look(self, step: Step, seen: Look, refused: float) -> None:
        """One look at everything; the first of a step is always told, be it in the same tick."""
        tick = self._tick
        if step is not self._step:
            self._step, tick = step, max(tick, self._timeline.last_tick + 1)
        self._timeline.append(ProbeLook(tick=tick, step=step.name, look=seen))
        if seen.memory_bytes is not None and tick >= self._memory_due:
            self._memory_due = tick + _MEMORY_TICKS
            self._timeline.append(Memory(tick=tick, rss_bytes=seen.memory_bytes))
        for told in filter(None, (self._witness, self._stalled)):
            told.look(step, tick, round(refused))

    def waits(self, reason: str) -> None:
        """The server is not ready yet; a reason is recorded once, and not the first moment's."""
        now_s = trio.current_time()
        if self._waits_since_s is None:
            self._waits_since_s = now_s
        if reason != self._waits_for and now_s >= self._waits_since_s + _WAITS_S:
            self._waits_for = reason
            self._timeline.append(Event(tick=self._tick, what=events.ServerNotReady(reason=reason)))

    def left(self) -> None:
        """Both clients go."""
        for told in filter(None, (self._witness, self._stalled)):
            told.leave(self._tick)

    def starts_over(self) -> None:
        """Both clients go, and come again."""
        self.left()
        self._witness = self._stalled = None

    def observed(self, record: StallRecord) -> None:
        """What was seen of the stall beside the looks."""
        encoded = msgspec.Raw(msgspec.json.encode(record))
        self._timeline.append(Observed(tick=self._tick, observation=encoded))

    def judged(self, report: StallReport) -> None:
        """What the stall has come to."""
        what = events.Judged(
            outcome=report.outcome.value,
            confidence=report.confidence.value,
            findings=", ".join(finding.value for finding in report.findings),
            summary=report.summary,
        )
        number = self._stalled.number if self._stalled else None
        self._timeline.append(Event(tick=self._tick, connection=number, what=what))

    def ends(self, result: ProbeResult | None, wall_s: float, *, interrupted: bool) -> None:
        """The probe is over; ``result`` is of the stalls that could be judged."""
        if result is not None:
            self._timeline.append(Probed(tick=self._tick, result=msgspec.Raw(msgspec.json.encode(result))))
        end = End(tick=self._tick, attempts=1, wall_s=round(wall_s, 6), interrupted=interrupted)
        self._timeline.append(end)
