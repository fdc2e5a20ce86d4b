"""Records one stall in a timeline, in which other stalls may be recorded at the same time."""

from collections.abc import Callable

import trio

from ...timeline.events.probe import Judged, ServerNotReady
from ...timeline.outside import Look, Observed, ProbeLook, ServerMemory, witness_name
from ...timeline.probed.result import StallReport
from ...timeline.probed.stall_record import StallRecord
from ...timeline.records import Event
from ...timeline.timeline import Timeline
from ..observe.connection_reading import ConnectionReading
from ..observe.step import Step
from ..stalls import Stall
from .connection import RecordedConnection
from .header import WITNESS
from .phases import PhaseTracker

_WAITS_S = 0.5
_MEMORY_TICKS = 5
"""Ticks between two recorded readings of the server's memory."""


class StallRecorder:
    """Records one stall. ``ProbeRecorder.tries`` makes it; ``tick`` returns the current tick."""

    def __init__(
        self, timeline: Timeline, tick: Callable[[], int], number: int, name: str, stall: Stall
    ) -> None:
        self._timeline, self._tick = timeline, tick
        self._number, self._name, self._stall = number, name, stall
        self._witness: RecordedConnection | None = None
        self._stalled: RecordedConnection | None = None
        self._memory_due = 0
        self._waits_since_s: float | None = None
        self._waits_for = ""
        self._step = Step.GONE

    @property
    def stall_confirmed(self) -> bool:
        """Whether the kernel has confirmed the stall."""
        return self._stalled is not None and self._stalled.stall_confirmed

    def joined(self, line: ConnectionReading, rcvbuf: int | None = None) -> None:
        """Record that a client is connected: first the witness, then the stalled client."""
        connection = self._timeline.connections.opened
        if self._witness is None:
            self._timeline.append(line.info(connection, self._tick(), witness_name(self._number), WITNESS))
            self._witness = RecordedConnection(self._timeline, connection, line, None)
        else:
            stall = self._stall
            info = line.info(connection, self._tick(), self._name, stall.name, rcvbuf, stall.maxseg)
            self._timeline.append(info)
            self._stalled = RecordedConnection(self._timeline, connection, line, PhaseTracker(stall))

    def look(self, step: Step, seen: Look, refused: float) -> None:
        """Record one look. The first look of a step is always recorded, even in the same tick."""
        tick = self._tick()
        if step is not self._step:
            self._step, tick = step, max(tick, self._timeline.last_tick + 1)
        self._timeline.append(ProbeLook(tick=tick, step=step.name, look=seen, stall=self._number))
        if seen.memory_bytes is not None and tick >= self._memory_due:
            self._memory_due = tick + _MEMORY_TICKS
            self._timeline.append(ServerMemory(tick=tick, rss_bytes=seen.memory_bytes, stall=self._number))
        for one in filter(None, (self._witness, self._stalled)):
            one.look(step, tick, round(refused))

    def waits(self, reason: str) -> None:
        """Record why the server is not ready yet: each reason once, and only after some time."""
        now_s = trio.current_time()
        if self._waits_since_s is None:
            self._waits_since_s = now_s
        if reason != self._waits_for and now_s >= self._waits_since_s + _WAITS_S:
            self._waits_for = reason
            self._timeline.append(Event(tick=self._tick(), what=ServerNotReady(reason=reason)))

    def left(self) -> None:
        """Record that both clients leave."""
        for one in filter(None, (self._witness, self._stalled)):
            one.leave(self._tick())

    def starts_over(self) -> None:
        """Record that both clients leave in order to join again."""
        self.left()
        self._witness = self._stalled = None

    def observed(self, record: StallRecord) -> None:
        """Record what was observed of the stall besides the looks."""
        self._timeline.append(Observed(tick=self._tick(), observation=record, stall=self._number))

    def judged(self, report: StallReport) -> None:
        """Record the judgement of the stall."""
        what = Judged(
            outcome=report.outcome.value,
            confidence=report.confidence.value,
            findings=", ".join(finding.value for finding in report.findings),
            summary=report.summary,
        )
        connection = self._stalled.number if self._stalled else None
        self._timeline.append(Event(tick=self._tick(), connection=connection, what=what))
