"""A long recording opens by its overview, and equals then what reading all of it would give."""

from pathlib import Path

import msgspec
import pytest

from stallsim.errors import RecordingError
from stallsim.kinds import Phase, Stalls
from stallsim.profile.expectation import Expectation, Metric
from stallsim.timeline.events.client import StopsReading
from stallsim.timeline.events.kernel import Stalled
from stallsim.timeline.events.server import MemoryCeiling
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.recording import load_recording, read_records
from stallsim.timeline.records import Event, PhaseEvent, Record, Resources
from stallsim.timeline.thinning import MemoryBounds
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.result import summarize_run
from stallsim.verdict.verdict import judge_run

from .builders import COMPLETE, header, info, sample, scenario

FEW = MemoryBounds(samples=150)


def records() -> list[Record]:
    expected = Expectation(client="one", metric=Metric.QUEUE_BYTES_MAX, min=1)
    grown = [sample(tick, queue_bytes=7 * tick % 601, queue_messages=3) for tick in range(400)]
    return [
        header(scenario(expected, clients=("one", "two"))),
        info(0, "one", Stalls.MUST),
        info(1, "two"),
        Event(tick=0, connection=0, what=StopsReading(read_bytes=0, held_bytes=0)),
        *grown[:200],
        Event(tick=200, connection=None, what=MemoryCeiling(queue_bytes=5)),
        Event(tick=200, connection=0, what=Stalled(evidence="window shut")),
        PhaseEvent(tick=200, phase=Phase.WRITE_BLOCKED, sample=grown[200]),
        Resources(tick=200, connections=2, queue_bytes=1, descriptors=9, tasks=4, rss_bytes=1000),
        *grown[200:],
        *(sample(tick, connection=1, read_bytes=tick) for tick in range(400)),
        COMPLETE,
    ]


def recorded(path: Path, limits: MemoryBounds = FEW, every: int = 1) -> Timeline:
    timeline = Timeline(limits)
    with Recorder(path, every=every) as recorder:
        timeline.listen(recorder.write)
        for each in records():
            timeline.append(each)
        recorder.conclude(timeline)
    return timeline


def test_what_is_opened_is_the_timeline_of_the_run(tmp_path: Path) -> None:
    made = recorded(tmp_path / "run")
    opened = load_recording(tmp_path / "run")
    assert made.thinnings
    assert list(opened.records()) == list(made.records())
    assert list(opened.samples) == list(made.samples)
    assert make_ledger(opened) == make_ledger(made)
    assert [one.tally for one in opened.judged()] == [one.tally for one in made.judged()]
    made.was_read = True  # who is to blame for a breach is another question
    assert summarize_run(opened, judge_run(opened)) == summarize_run(made, judge_run(made))
    assert [list(opened.about(number)) for number in (0, 1)] == [
        list(made.about(number)) for number in (0, 1)
    ]
    assert opened.first == made.first


def test_who_reads_every_record_reads_records_alone(tmp_path: Path) -> None:
    recorded(tmp_path / "run")
    assert list(read_records(tmp_path / "run")) == records()
    whole = load_recording(tmp_path / "run", MemoryBounds())
    assert [len(series) for series in whole.samples] == [400, 400], "other limits: read through"


def test_a_short_recording_has_none(tmp_path: Path) -> None:
    recorded(tmp_path / "run", MemoryBounds())
    assert b"overview" not in (tmp_path / "run").read_bytes()


def test_a_thinned_recording_reports_it(tmp_path: Path) -> None:
    made = recorded(tmp_path / "run", every=10)
    opened = load_recording(tmp_path / "run")
    assert opened.header is not None
    assert opened.header.record_every == 10
    assert opened.tally(0) == made.tally(0), "exact all the same"


@pytest.mark.parametrize("cut", [1, 30, 70, 500])
def test_cut_off_within_the_overview_it_is_read_through(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "run"
    recorded(path)
    path.write_bytes(path.read_bytes()[:-cut])
    opened = load_recording(path)
    assert opened.end == COMPLETE
    assert [len(series) for series in opened.samples] == [400, 400]


def test_an_overview_of_another_layout_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "run"
    recorded(path)
    lines = path.read_bytes().splitlines(keepends=True)
    overview = msgspec.json.decode(lines[-2])
    for other in ({"type": "overview"}, overview | {"layout": overview["layout"] + 1}):
        path.write_bytes(b"".join([*lines[:-2], msgspec.json.encode(other) + b"\n", lines[-1]]))
        opened = load_recording(path)
        assert [len(series) for series in opened.samples] == [400, 400]


def test_a_damaged_overview_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "run"
    recorded(path)
    lines = path.read_bytes().splitlines(keepends=True)
    overview = msgspec.json.decode(lines[-2])
    swapped = overview | {"connections": overview["connections"][::-1]}
    turned = [one | {"samples": one["samples"][::-1]} for one in overview["connections"]]
    backwards = overview | {"connections": turned}
    scenario = overview["header"]["scenario"] | {"expect": []}
    unexpected = overview | {"header": overview["header"] | {"scenario": scenario}}
    text = overview | {"usage": overview["usage"] | {"most": {"tasks": "many"}}}
    del overview["connections"]
    damage = [msgspec.json.encode(one) + b"\n" for one in (overview, swapped, backwards, unexpected, text)]
    deep, long = (
        b'{"type":"overview","layout":2,"happenings":%s}\n' % odd for odd in (b"[" * 100_000, b"9" * 400)
    )
    for damaged in (*damage, b"[]\n", b'{"type":"overview"\n', deep, long):
        path.write_bytes(b"".join([*lines[:-2], damaged, lines[-1]]))
        with pytest.raises(RecordingError, match="overview is damaged"):
            load_recording(path)
