"""Derives phases, confirmed stalls and zero windows from samples."""

from ..kinds import Phase
from ..phases import next_phase
from ..timeline.events.kernel import Stalled, ZeroWindow
from ..timeline.events.what import What
from ..timeline.records import Event, PhaseEvent
from ..timeline.sample import Sample
from ..timeline.timeline import Timeline
from ..verdict.stall import Confirmation


class ConnectionObserver:
    """Follows one connection and appends its samples, phases and events to the timeline."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self.phase: Phase | None = None
        self.sample: Sample | None = None
        self._stall = Confirmation()

    def see(self, sample: Sample) -> None:
        """Append the sample, and the phase and events that begin with it."""
        before, self.sample = self.sample, sample
        self._timeline.append(sample)
        if before is None or self.phase is None:
            self._enter(_first_phase(sample), sample)
            if sample.snd_wnd_bytes == 0:
                self._zero_window(sample)
            return
        if sample.outq_bytes or sample.rcvq_bytes or before.outq_bytes or before.rcvq_bytes:
            evidence = self._stall.look(before, sample)
            if evidence is not None:
                self._event(sample, Stalled(evidence=evidence))
            if sample.snd_wnd_bytes == 0 and before.snd_wnd_bytes > 0:
                self._zero_window(sample)
        phase = next_phase(self.phase, before, sample)
        if phase is not None:
            self._enter(phase, sample)

    def end(self, how: Phase, sample: Sample) -> None:
        """Record that the connection has ended; ``sample`` has its last figures."""
        self._timeline.append(sample)
        self._enter(how, sample)

    def _enter(self, phase: Phase, sample: Sample) -> None:
        self.phase = phase
        if phase is Phase.DRAINING:
            self._stall.resumes()
        self._timeline.append(PhaseEvent(tick=sample.tick, phase=phase, sample=sample))

    def _zero_window(self, now: Sample) -> None:
        self._event(now, ZeroWindow(notsent_bytes=now.notsent_bytes, rcvq_bytes=now.rcvq_bytes))

    def _event(self, sample: Sample, what: What) -> None:
        self._timeline.append(Event(tick=sample.tick, connection=sample.connection, what=what))


def _first_phase(sample: Sample) -> Phase:
    if not sample.open:
        return Phase.CONNECTING
    acted = sample.dropped_bytes or sample.producer_waits  # at the first message
    return Phase.POLICY_ACTED if acted else Phase.FLOWING
