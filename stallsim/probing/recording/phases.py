"""Computes the stalled client's phases and events from its samples and the probe's steps. Pure.

The phases are those of a run (``phases``), but each is looked for only in the steps in which it can occur.
Otherwise a stream that is read in bursts would appear to drain and to fill in turn.
"""

from collections.abc import Iterator

from ...kinds import EventKind, Phase
from ...phases import next_phase
from ...timeline.events.client import AnswersNoPing, Leaves, ReadsSlowly, Sleeps, StopsReading, Wakes
from ...timeline.events.kernel import Stalled, ZeroWindow
from ...timeline.events.what import What
from ...timeline.records import Event, Happening, PhaseEvent
from ...timeline.sample import Sample
from ...verdict.stall import Confirmation
from ..observe.step import Step
from ..stalls import Stall

_FILLING = frozenset({Phase.RECEIVER_FILLING, Phase.SENDER_FILLING, Phase.WRITE_BLOCKED})
"""The phases of a stall that are known. Later it is not: refused messages may be kept, dropped, or never
produced.
"""
_AWAKE = {Step.WAKES: Phase.DRAINING, Step.CAUGHT_UP: Phase.RECOVERED}


class PhaseTracker:
    """Takes the samples in order, and returns the phases and events that begin at each."""

    def __init__(self, stall: Stall) -> None:
        self._stall = stall
        self._before: Sample | None = None
        self._phase = Phase.FLOWING
        self._seen: set[EventKind] = set()
        self._confirmation = Confirmation()
        self.stall_confirmed = False
        self.holds = stall.reads_more_bytes > 0
        """Whether the bytes that the client reads after it fell asleep stay inside it, as in a browser."""

    def happenings(self, step: Step, now: Sample) -> Iterator[Happening]:
        """Phases and events of one look."""
        before, self._before = self._before, now
        if before is None:
            yield self._enter(Phase.FLOWING, now)
        if step is Step.BASELINE:
            return
        yield from self._intentions(step, now)
        if before is None:
            return
        if step in (Step.STALLS, Step.FULL):
            yield from self._stalls(before, now)
            phase = next_phase(self._phase, before, now)
            if step is Step.STALLS and self._phase is Phase.WRITE_BLOCKED:
                yield self._enter(
                    Phase.SENDER_FILLING, now
                )  # the stall was only a pause: the kernels had room
            elif phase in _FILLING:
                yield self._enter(phase, now)
        elif step in _AWAKE and self._phase not in (Phase.FLOWING, Phase.RECOVERED, _AWAKE[step]):
            yield self._enter(_AWAKE[step], now)

    def _enter(self, phase: Phase, now: Sample) -> PhaseEvent:
        self._phase = phase
        return PhaseEvent(tick=now.tick, phase=phase, sample=now)

    def _once(self, now: Sample, what: What) -> Iterator[Event]:
        """The event, if it is the first of its kind."""
        if what.kind not in self._seen:
            self._seen.add(what.kind)
            yield Event(tick=now.tick, connection=now.connection, what=what)

    def _intentions(self, step: Step, now: Sample) -> Iterator[Event]:
        stall = self._stall
        if stall.healthy:
            rate = round(stall.rate_per_s) or None
            yield from self._once(now, ReadsSlowly(share=stall.rate_share or None, rate=rate))
        elif stall.reads_all:
            yield from self._once(now, AnswersNoPing())
        elif stall.reads_more_bytes:
            asleep = f"as a frozen tab, {stall.reads_more_bytes:,} bytes more"
            yield from self._once(now, Sleeps(asleep=asleep))
        else:
            yield from self._once(now, StopsReading(read_bytes=now.read_bytes, held_bytes=0))
        if step in _AWAKE:
            yield from self._once(now, Wakes())
        elif step is Step.GONE:
            yield from self._once(now, Leaves(how="RST"))

    def _stalls(self, before: Sample, now: Sample) -> Iterator[Event]:
        """Events of the stall: its confirmation, by the same rule as in a run, and a window of zero."""
        if self._stall.reads_all:
            return
        evidence = self._confirmation.look(before, now)
        if evidence is not None:
            self.stall_confirmed = True
            yield from self._once(now, Stalled(evidence=evidence))
        if before.snd_wnd_bytes > 0 and now.snd_wnd_bytes == 0:
            shut = ZeroWindow(notsent_bytes=now.notsent_bytes, rcvq_bytes=now.rcvq_bytes)
            yield from self._once(now, shut)
