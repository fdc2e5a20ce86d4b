"""A timeline keeps its limits, and its remaining samples show the same picture."""

import itertools
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.kinds import EventKind, Phase
from stallsim.timeline.records import Event, PhaseEvent
from stallsim.timeline.thinning import MemoryBounds, thin
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.result import encode, summarize_run
from stallsim.verdict.verdict import judge_run
from stallsim.views.drawing.controls import Controls
from stallsim.views.drawing.dashboard import Dashboard
from stallsim.views.drawing.moments import Moments
from stallsim.views.plain import verdict_lines

from .builders import header, info, sample
from .command_line import CommandLine
from .events import carrying


@given(st.lists(st.integers(0, 5), max_size=30), st.sets(st.integers(0, 29), max_size=4), st.integers(1, 9))
def test_what_stays(queues: list[int], telling: set[int], stride: int) -> None:
    series = [sample(tick, queue_bytes=queued) for tick, queued in enumerate(queues)]
    kept = thin(series, telling, stride)
    assert [one for one in series if one in kept] == kept, "in order, nothing twice"
    assert {one.tick for one in kept} >= telling & {one.tick for one in series}
    assert len(kept) <= len(series) // stride + 2 + len(telling)
    highest = max((one.queue_bytes for one in kept), default=0)
    assert highest == max(queues, default=0), "a peak stays"


def long_run(ticks: int, limits: MemoryBounds, phase_every: int = 100) -> Timeline:
    """One connection that drains and fills for ever."""
    timeline = Timeline(limits)
    timeline.append(header())
    timeline.append(info())
    for tick in range(ticks):
        now = sample(tick, queue_bytes=tick % 70, read_bytes=tick)
        timeline.append(now)
        if tick % phase_every == 0:
            phase = Phase.FLOWING if tick == 0 else Phase.DRAINING
            timeline.append(PhaseEvent(tick=tick, phase=phase, sample=now))
    return timeline


def test_a_long_run_keeps_to_its_limits() -> None:
    limits = MemoryBounds(samples=500, happenings=40)
    timeline = long_run(20_000, limits)
    (series,) = timeline.samples
    assert limits.samples // 2 < len(series) <= limits.samples
    assert limits.happenings // 2 < len(timeline.happenings) <= limits.happenings
    assert list(timeline.about(0)) == timeline.happenings
    assert len(timeline.entries) + timeline.happenings_left_out == timeline.digest.entries == 200
    assert [one.tick for one in series] == sorted({one.tick for one in series})
    assert (series[0].tick, series[-1].tick) == (0, 19_999)
    phases = {one.tick for one in timeline.phases(0)}
    assert phases <= {one.tick for one in series}, "a phase's own tick can be looked at"
    gaps = [b.tick - a.tick for a, b in itertools.pairwise(series)]
    assert max(gaps) < 8 * 20_000 / len(series), "the whole run is covered"


def test_phases_at_every_tick_do_not_stand_in_the_way() -> None:
    timeline = long_run(2_000, MemoryBounds(samples=100, happenings=1_000), phase_every=1)
    assert len(timeline.samples[0]) <= 100


def test_one_that_cannot_be_shortened_does_not_keep_the_others_long() -> None:
    limits = MemoryBounds(samples=1_000, ended=100)
    timeline = Timeline(limits)
    timeline.append(header())
    timeline.append(info(0))
    for number in range(1, 100):  # the first flaps for ever, beside it others come and go
        timeline.append(info(number))
        for tick in range(40 * number, 40 * (number + 1)):
            for connection in (0, number):
                timeline.append(sample(tick, connection=connection))
            if tick % 3 == 0:
                now = sample(tick)
                timeline.append(PhaseEvent(tick=tick, phase=Phase.DRAINING, sample=now))
        end = sample(40 * (number + 1), connection=number)
        timeline.append(PhaseEvent(tick=end.tick, phase=Phase.CLOSED, sample=end))
        assert sum(map(len, timeline.samples)) <= limits.samples


def test_short_connections_without_end() -> None:
    timeline = Timeline(MemoryBounds(samples=400, happenings=200, ended=20))
    timeline.append(header())
    for number in range(2_000):
        timeline.append(info(number))
        for tick in (number, number + 1):
            now = sample(tick, connection=number, queue_bytes=number == 77)
            timeline.append(now)
            phase = Phase.FLOWING if tick == number else Phase.CLOSED
            timeline.append(PhaseEvent(tick=tick, phase=phase, sample=now))
    assert timeline.connections.opened == 2_000
    assert len(timeline.connections) <= 21
    assert timeline.folded.by_client == {"one": 2_000 - len(timeline.connections)}
    assert len(list(timeline.folded)) < 40
    assert 77 in {judged.info.connection for judged in timeline.folded}, "it had the longest queue"
    assert timeline.usage.queue_bytes_max == 1
    timeline.append(Event(tick=2_001, connection=0, what=carrying(EventKind.WAKES)))
    assert timeline.happenings[-1].connection != 0


@given(st.integers(0, 1_999))
def test_a_dashboard_of_what_is_left(tick: int) -> None:
    dashboard = Dashboard(RUN)
    frame = dashboard.frame(tick, Controls(), 110, 40)
    shown = dashboard.moments.sample(0, tick)
    assert shown is not None
    assert shown.tick <= tick
    assert ("readings of tick" in frame.text) is (shown.tick < tick)


RUN = long_run(2_000, MemoryBounds(samples=300, happenings=50))


def test_an_index_follows_a_run_that_is_thinned_while_it_grows() -> None:
    limits = MemoryBounds(samples=50, happenings=8)
    timeline = long_run(1, limits)
    moments = Moments(timeline)
    fresh: Any = None
    for tick in range(1, 400):
        now = sample(tick, queue_bytes=tick % 70)
        timeline.append(now)
        if tick % 10 == 0:
            timeline.append(PhaseEvent(tick=tick, phase=Phase.DRAINING, sample=now))
        moments.catch_up()
        fresh = Moments(timeline)
        fresh.catch_up()
        for asked in (0, tick // 2, tick):
            assert moments.sample(0, asked) == fresh.sample(0, asked)
            assert moments.peak(0, "queue_bytes", asked) == fresh.peak(0, "queue_bytes", asked)
            assert moments.phases(0, asked) == fresh.phases(0, asked)


def test_what_was_left_out_is_said() -> None:
    lines = {
        limit: verdict_lines(made, judge_run(made))
        for limit in (50, 1_000)
        for made in [long_run(2_000, MemoryBounds(happenings=limit), phase_every=10)]
    }
    (left_out,) = [line for line in lines[50] if line.startswith("left out")]
    assert "older events and 0 connections" in left_out
    assert "a recording has all" in left_out
    (ledger,) = [line for line in lines[50] if line.startswith("ledger")]
    assert "are in the digest and not listed" in ledger
    assert [line for line in lines[50] if line not in (left_out, ledger)] == lines[1_000]


def test_results_that_differ_in_what_is_not_listed_differ(
    tmp_path: Path, command_line: CommandLine
) -> None:
    names = []
    for ticks in (300, 310):
        made = long_run(ticks, MemoryBounds(happenings=4), phase_every=10)
        result = summarize_run(made, judge_run(made))
        result = replace(result, ledger=replace(result.ledger, entries=[]))
        names.append(str(tmp_path / f"{ticks}.json"))
        Path(names[-1]).write_text(encode(result))
    assert command_line("diff", names[0], names[0]).code == 0
    ended = command_line("diff", *names)
    assert (ended.code, ended.err) == (1, "")
    assert "older ones differ" in ended.out
