"""A realtime run that was late reports it, and each of its samples has its delay."""

import time

import pytest

from stallsim.runner.lateness import Lateness
from stallsim.timeline.events.kernel import TicksLate
from stallsim.timeline.records import Event, Record
from stallsim.timeline.sample import Sample

from .running import run

pytestmark = pytest.mark.loopback
HELD_UP_S = 0.15
HELD_UP_TICK = 20


def test_a_stretch_of_late_ticks_is_reported_when_it_is_over() -> None:
    lateness = Lateness(0.2)
    late_s = [0.0, 0.19, 0.3, 0.1, 0.25, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0]
    told = [lateness.note(tick, late) for tick, late in enumerate(late_s)]
    assert told == [None] * 9 + [TicksLate(first_tick=2, ticks=2, late_s=0.3), None]
    assert lateness.end() is None
    lateness.note(11, 0.5)
    assert lateness.end() == TicksLate(first_tick=11, ticks=1, late_s=0.5)


def test_a_run_that_was_late_reports_it() -> None:
    held_up: list[int] = []

    def on_record(record: Record) -> None:
        if isinstance(record, Sample) and record.tick == HELD_UP_TICK and not held_up:
            held_up.append(record.tick)
            time.sleep(HELD_UP_S)

    timeline = run("well-behaved", "pace=realtime", "ticks=80", "expect=[]", on_record=on_record)
    late = [
        one.what
        for one in timeline.happenings
        if isinstance(one, Event)
        and isinstance(one.what, TicksLate)
        and one.what.first_tick <= HELD_UP_TICK + 1
    ]
    assert late
    assert max(one.late_s for one in late) > HELD_UP_S / 2
    (sample,) = (one for one in timeline.samples[0] if one.tick == HELD_UP_TICK + 1)
    assert sample.late_us > HELD_UP_S / 2 * 1e6


def test_a_lockstep_run_is_never_late() -> None:
    assert {sample.late_us for sample in run("well-behaved", "expect=[]").samples[0]} == {0}
