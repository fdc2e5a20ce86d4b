"""Rules that the phases keep for any samples."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.kinds import Phase
from stallsim.phases import TRANSITIONS, SamplePair, next_phase
from stallsim.runner.observer import ConnectionObserver
from stallsim.timeline.records import PhaseEvent
from stallsim.timeline.sample import Sample
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.stall import EVIDENCE, stall_evidence

from .builders import header, info
from .records import samples

ENDED = {Phase.CLOSED, Phase.RESET, Phase.TIMED_OUT}
PHASES = st.sampled_from(Phase)


@given(PHASES, samples(), samples())
def test_only_transitions_of_the_table_that_the_samples_show(
    phase: Phase, before: Sample, now: Sample
) -> None:
    then = next_phase(phase, before, now)
    shown = [
        one.target for one in TRANSITIONS if phase in one.sources and one.shows(SamplePair(before, now))
    ]
    assert then is None or then is shown[0]
    assert then is not phase
    assert not (phase in ENDED and then)


@given(PHASES, samples())
def test_where_nothing_has_changed_no_queue_begins_to_fill(phase: Phase, now: Sample) -> None:
    growth = {Phase.RECEIVER_FILLING, Phase.SENDER_FILLING, Phase.USERSPACE_GROWTH, Phase.UNACKNOWLEDGED}
    if phase is not Phase.DRAINING:
        assert next_phase(phase, now, now) not in growth | {Phase.POLICY_ACTED, Phase.DRAINING}


@given(samples(), samples())
def test_a_stall_has_evidence_or_is_none(before: Sample, now: Sample) -> None:
    evidence = stall_evidence(before, now)
    step = SamplePair(before, now)
    if evidence is None:
        queued = now.outq_bytes or now.rcvq_bytes
        assert not queued or not any(one.shows(step) for one in EVIDENCE)
    else:
        assert next(one for one in EVIDENCE if one.shows(step)).name == evidence


@given(st.lists(samples(), min_size=1, max_size=12))
def test_an_observer_records_every_sample_once_and_no_phase_twice(series: Sequence[Sample]) -> None:
    timeline = Timeline()
    timeline.append(header())
    timeline.append(info())
    observer = ConnectionObserver(timeline)
    series = [replace(sample, tick=tick) for tick, sample in enumerate(series)]
    for sample in series:
        observer.see(sample)
    assert list(timeline.samples) == [series]
    phases = [one for one in timeline.happenings if isinstance(one, PhaseEvent)]
    acted = series[0].dropped_bytes or series[0].producer_waits
    opened = Phase.POLICY_ACTED if acted else Phase.FLOWING
    assert phases[0].phase is (opened if series[0].open else Phase.CONNECTING)
    ticks = [event.tick for event in phases]
    assert ticks == sorted(set(ticks))
    assert all(event.sample is series[event.tick] for event in phases)
    assert all(before.phase is not now.phase for before, now in pairwise(phases))
