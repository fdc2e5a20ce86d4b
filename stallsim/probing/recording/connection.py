"""Records one of a probe's two connections in a timeline, look by look, until it has ended."""

from ...kinds import Phase
from ...timeline.events.client import EndSeen
from ...timeline.events.kernel import ServerEnds
from ...timeline.events.what import What
from ...timeline.records import Event, PhaseEvent
from ...timeline.sample import Refusal, Sample
from ...timeline.timeline import Timeline
from ..observe.connection_reading import ESTABLISHED, ConnectionReading
from ..observe.step import Step
from .phases import PhaseTracker

_OURS = frozenset({Step.STALLS, Step.FULL})


class RecordedConnection:
    """Records samples, phases and events of one connection. The witness has no ``phases``:
    it only reads.
    """

    def __init__(
        self, timeline: Timeline, number: int, line: ConnectionReading, phases: PhaseTracker | None
    ) -> None:
        self.number = number
        """The number of the connection in the timeline."""
        self._timeline, self._line, self._phases = timeline, line, phases
        self._last: Sample | None = None
        self._asleep_from: int | None = None
        self._server_ends = self._over = False

    @property
    def stall_confirmed(self) -> bool:
        """Whether the kernel has confirmed the stall; the timeline then has that event."""
        return self._phases is not None and self._phases.stall_confirmed

    def look(self, step: Step, tick: int, refused: int) -> None:
        """Record one look, unless the connection has ended."""
        if self._over or (self._last is not None and self._last.tick >= tick):
            return
        over = step is Step.GONE or self._server_ends
        if over and self._last is not None:
            refused = self._last.queue_bytes  # what happened to these bytes later is not known
        refusal = Refusal.INFERRED if step is Step.FULL and self._phases and not over else Refusal.NONE
        now = self._line.sample(
            self.number, tick, refused if self._phases else 0, refusal, self._held(step)
        )
        first, self._last = self._last is None, now
        self._timeline.append(now)
        if self._phases is not None:
            for happening in self._phases.happenings(step, now):
                self._timeline.append(happening)
        elif first:
            self._timeline.append(PhaseEvent(tick=tick, phase=Phase.FLOWING, sample=now))
        if step is Step.GONE and self._phases is not None:
            self._ends(Phase.RESET, now)
        else:
            self._look_for_the_end(step, now)

    def leave(self, tick: int) -> None:
        """Record the last sample and the end of a connection that is still open."""
        last = self._last
        if last is None or self._over:
            return
        self._line.read()
        now = self._line.sample(self.number, tick, last.queue_bytes, Refusal.NONE, 0)
        self._timeline.append(now)
        self._ends(Phase.CLOSED, now)

    def _held(self, step: Step) -> int:
        """Bytes that the client has read since it fell asleep, and holds itself, as a browser does."""
        if self._phases is None or not self._phases.holds or step not in _OURS:
            return 0
        read = self._line.read_bytes
        if self._asleep_from is None:
            self._asleep_from = read
        return read - self._asleep_from

    def _look_for_the_end(self, step: Step, now: Sample) -> None:
        line, ended = self._line, self._line.stream_client.ended
        closing = line.visible and (line.server is None or line.server.state != ESTABLISHED)
        if closing and not self._server_ends and step is not Step.BASELINE:
            self._server_ends = True
            state = "gone" if line.server is None else line.server.state.name.lower().replace("_", "-")
            self._event(now.tick, ServerEnds(state=state))
        if ended is not None:
            seen = EndSeen(how=ended.how, code=ended.code, reason=ended.reason or None)
            self._event(now.tick, seen)
            self._ends(Phase.RESET if ended.how == "rst" else Phase.CLOSED, now)

    def _ends(self, phase: Phase, now: Sample) -> None:
        self._over = True
        self._timeline.append(PhaseEvent(tick=now.tick, phase=phase, sample=now))

    def _event(self, tick: int, what: What) -> None:
        self._timeline.append(Event(tick=tick, connection=self.number, what=what))
