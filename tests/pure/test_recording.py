"""A recording is the timeline, and a recording that was cut is the timeline up to the cut."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.errors import RecordingError
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.recording import Recorder, load, read_records
from stallsim.timeline.records import End, Record
from stallsim.timeline.timeline import Timeline

from .builders import header, sample
from .records import HAPPENINGS, TWO

ENDS = st.one_of(
    st.none(), st.builds(End, tick=st.integers(0, 99), attempts=st.just(1), wall_s=st.floats(0, 1e3))
)


def record(path: Path, records: Iterable[Record]) -> Timeline:
    """The timeline of these records, written as a run writes it."""
    timeline = Timeline()
    with Recorder(path, force=True) as recorder:
        timeline.listen(recorder.write)
        for each in records:
            timeline.append(each)
    return timeline


def facts(timeline: Timeline) -> tuple[object, ...]:
    return list(timeline.records()), list(timeline.samples)


@given(HAPPENINGS, ENDS)
def test_what_is_read_is_what_was_written(happenings: list[Record], end: End | None) -> None:
    records = [header(), *TWO, *happenings, *filter(None, [end])]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        timeline = record(path, records)
        assert list(read_records(path)) == records
        assert facts(load(path)) == facts(timeline)
        assert make_ledger(load(path)) == make_ledger(timeline)


@given(HAPPENINGS, st.data())
def test_a_recording_cut_anywhere_is_readable_up_to_its_last_whole_line(
    happenings: list[Record], data: st.DataObject
) -> None:
    records = [header(), *TWO, *happenings]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        record(path, records)
        whole = path.read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n")
        assert list(read_records(path)) == records[:lines]
        if lines:
            assert load(path).end is None
        else:
            with pytest.raises(RecordingError, match="not a recording"):
                load(path)


@given(st.binary(max_size=200))
def test_garbage_is_refused_and_never_anything_else(garbage: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        path.write_bytes(garbage)
        with pytest.raises(RecordingError):
            load(path)


@given(st.binary(max_size=60), st.integers(1, 3))
def test_a_damaged_line_is_named(garbage: bytes, at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        record(path, [header(), *TWO, sample()])
        lines = path.read_bytes().splitlines(keepends=True)
        lines[at] = b"\xff" + garbage.replace(b"\n", b"") + b"\n"
        path.write_bytes(b"".join(lines))
        with pytest.raises(RecordingError, match=f"line {at + 1} is damaged"):
            load(path)


def test_a_restart_forgets(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with Recorder(path) as recorder:
        recorder.write(header())
        recorder.write(sample(1))
        recorder.restart()
        recorder.write(header())
    assert list(read_records(path)) == [header()]


def test_what_is_written_is_there_at_once(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with Recorder(path) as recorder:
        recorder.write(header())
        assert list(read_records(path)) == [header()]
