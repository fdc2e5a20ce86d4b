"""A recording equals the timeline; a recording that was cut equals the timeline up to the cut."""

import os
import resource
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.errors import EnvironmentUnfit, RecordingError
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.recording import load_recording, read_records
from stallsim.timeline.records import Record, RecordingEnd
from stallsim.timeline.timeline import Timeline

from .builders import header, info, sample
from .records import HAPPENINGS, TWO

ENDS = st.one_of(
    st.none(),
    st.builds(RecordingEnd, tick=st.integers(0, 99), attempts=st.just(1), wall_s=st.floats(0, 1e3)),
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
def test_what_is_read_is_what_was_written(happenings: list[Record], end: RecordingEnd | None) -> None:
    records = [header(), *TWO, *happenings, *filter(None, [end])]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        timeline = record(path, records)
        assert list(read_records(path)) == records
        assert facts(load_recording(path)) == facts(timeline)
        assert make_ledger(load_recording(path)) == make_ledger(timeline)


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
            assert load_recording(path).end is None
        else:
            with pytest.raises(RecordingError, match="not a recording"):
                load_recording(path)


@given(st.binary(max_size=200))
def test_garbage_is_refused_and_never_anything_else(garbage: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        path.write_bytes(garbage)
        with pytest.raises(RecordingError):
            load_recording(path)


@given(st.binary(max_size=60), st.integers(1, 3))
def test_a_damaged_line_is_named(garbage: bytes, at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        record(path, [header(), *TWO, sample()])
        lines = path.read_bytes().splitlines(keepends=True)
        lines[at] = b"\xff" + garbage.replace(b"\n", b"") + b"\n"
        path.write_bytes(b"".join(lines))
        with pytest.raises(RecordingError, match=f"line {at + 1} is damaged"):
            load_recording(path)


def test_a_restart_forgets(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with Recorder(path) as recorder:
        recorder.write(header())
        recorder.write(sample(1))
        recorder.restart()
        recorder.write(header())
    assert list(read_records(path)) == [header()]


def test_no_empty_file_is_left_where_a_signal_came_first(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), Recorder(tmp_path / "run"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_given_what_will_not_be_taken_back_at_once() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    def arrived() -> int:
        with suppress(BlockingIOError):
            return os.read(reading, 65536).count(b"\n")
        return 0

    with Recorder(Path(f"/dev/fd/{writing}"), force=True) as recorder:
        recorder.write(header())
        assert arrived() == 1, "a probe's: it is never executed once more"
        recorder.restart()
        recorder.write(header())
        assert arrived() == 0, "a run in lockstep may be"
        recorder.restart(last=True)
        recorder.write(header())
        assert arrived() == 1
    os.close(reading)
    os.close(writing)


def test_what_is_written_is_there_at_once(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with Recorder(path) as recorder:
        recorder.write(header())
        assert list(read_records(path)) == [header()]


@pytest.mark.parametrize("begun", [False, True])
def test_an_old_file_is_lost_only_to_a_run_that_has_begun(begun: bool, tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.write_text("precious")
    with Recorder(path, force=True) as recorder:
        recorder.write(header())
        if begun:
            recorder.write(info())
        else:
            recorder.discard()
    assert path.read_text().startswith("{") if begun else path.read_text() == "precious"


def test_a_recording_is_for_its_owner_alone(tmp_path: Path) -> None:
    with Recorder(tmp_path / "run"):
        assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o600


def test_a_full_disk_is_told_afterwards() -> None:
    with Recorder(Path("/dev/full"), force=True) as recorder:
        recorder.write(header())
    with pytest.raises(EnvironmentUnfit, match="/dev/full: cannot be written: No space left on device"):
        recorder.check()


def test_what_does_not_fit_leaves_whole_lines(tmp_path: Path) -> None:
    path, limits = tmp_path / "run", resource.getrlimit(resource.RLIMIT_FSIZE)
    with Recorder(path) as recorder:
        recorder.write(header())
        recorder.write(info())
        whole = path.read_bytes()
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 10, limits[1]))
        recorder.write(sample())
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        recorder.write(sample())
    assert path.read_bytes() == whole
    with pytest.raises(EnvironmentUnfit, match="File too large"):
        recorder.check()


def test_a_newer_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.write_text('{"type":"header","version":99,"what":"nobody knows yet"}\n')
    with pytest.raises(RecordingError, match=r"newer stallsim: expected version .* found 99"):
        load_recording(path)
