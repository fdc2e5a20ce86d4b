"""Recordings that are compressed, thinned on request, or rotate."""

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.errors import EnvironmentUnfit, RecordingError, Unavailable
from stallsim.kinds import Phase, Stalls
from stallsim.timeline import compression
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.recording import load_recording, read_records
from stallsim.timeline.records import Header, PhaseEvent, Record, RecordingEnd
from stallsim.timeline.sample import Sample

from .builders import COMPLETE, header, info, sample
from .records import HAPPENINGS, TWO

SUFFIXES = [".jsonl.gz", ".jsonl.zst"]
SERIES: list[Record] = [
    sample(tick, queue_bytes=tick % 97, rcvq_bytes=7 * tick % 1009) for tick in range(3_000)
]

RECORDS: list[Record] = [header(), info(), *SERIES]


def written(path: Path, records: list[Record], **options: int) -> Path:
    with Recorder(path, force=True, **options) as recorder:
        for each in records:
            recorder.write(each)
    return path


@pytest.fixture(params=SUFFIXES)
def suffix(request: pytest.FixtureRequest) -> str:
    if request.param.endswith("zst"):
        pytest.importorskip("zstandard", reason="the extra zstd is not installed")
    return str(request.param)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(happenings=HAPPENINGS)
def test_what_is_compressed_is_the_same(suffix: str, happenings: list[Record]) -> None:
    if suffix.endswith("zst"):
        pytest.importorskip("zstandard", reason="the extra zstd is not installed")
    records: list[Record] = [header(), *TWO, *happenings, COMPLETE]
    with tempfile.TemporaryDirectory() as folder:
        assert list(read_records(written(Path(folder) / f"run{suffix}", records))) == records


def test_it_is_smaller_and_others_can_read_it(tmp_path: Path) -> None:
    records: list[Record] = [*RECORDS, COMPLETE]
    plain = written(tmp_path / "run.jsonl", records).read_bytes()
    packed = written(tmp_path / "run.jsonl.gz", records)
    assert gzip.decompress(packed.read_bytes()) == plain
    assert packed.stat().st_size < len(plain) / 8


@given(data=st.data())
def test_a_compressed_recording_cut_anywhere_is_a_beginning(data: st.DataObject) -> None:
    records: list[Record] = [*RECORDS, COMPLETE]
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "run.jsonl.gz", records)
        whole = path.read_bytes()
        path.write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
        try:
            read = list(read_records(path))
        except RecordingError as error:
            assert "not a recording" in str(error)  # noqa: PT017 - within the first bytes
        else:
            assert read == records[: len(read)]


def test_what_a_killed_run_has_compressed_is_there(suffix: str, tmp_path: Path) -> None:
    """All but the newest piece: as if the process were gone, the recorder is not closed."""
    recorder = Recorder(tmp_path / f"run{suffix}")
    records: list[Record] = list(RECORDS)
    for each in records:
        recorder.write(each)
    read = list(read_records(tmp_path / f"run{suffix}"))
    assert read == records[: len(read)]
    assert len(read) > len(records) / 3
    with recorder:
        pass


def test_damage_within_is_one_line(suffix: str, tmp_path: Path) -> None:
    path = written(tmp_path / f"run{suffix}", [*RECORDS, COMPLETE])
    data = bytearray(path.read_bytes())
    data[200:260] = bytes(60)
    path.write_bytes(data)
    with pytest.raises(RecordingError, match=r"damaged|not a recording"):
        load_recording(path)


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match=r"stallsim\[zstd\]"):
        Recorder(tmp_path / "run.jsonl.zst")
    assert not (tmp_path / "run.jsonl.zst").exists()


@pytest.mark.parametrize("every", [2, 10, 1_000])
def test_one_tick_of_many_is_recorded_and_every_peak(every: int, tmp_path: Path) -> None:
    peak = sample(1_234, queue_bytes=10**6)
    series: list[Record] = [*SERIES[:1_234], peak, *SERIES[1_235:]]
    path = written(tmp_path / "run", [*RECORDS[:2], *series, COMPLETE], every=every)
    loaded = load_recording(path)
    assert loaded.header is not None
    assert loaded.header.record_every == every
    kept = loaded.samples[0]
    assert len(kept) <= 6 * (len(series) // every + 1)
    assert peak in kept
    assert loaded.tally(0).queue_bytes_max == 10**6
    assert [one.tick for one in kept] == sorted(one.tick for one in kept)
    assert kept[-1] == series[-1]


def test_a_recording_rotates_and_each_part_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "soak.jsonl"
    entered = PhaseEvent(tick=0, phase=Phase.FLOWING, sample=sample())
    gone = PhaseEvent(tick=1, phase=Phase.CLOSED, sample=sample(1, connection=1))
    records: list[Record] = [
        header(),
        info(0, "stays", Stalls.MUST),
        info(1, "goes"),
        entered,
        gone,
        *SERIES,
        COMPLETE,
    ]
    written(path, records, rotate_bytes=70_000)
    parts = sorted(tmp_path.iterdir())
    assert path in parts
    assert len(parts) == 2, "the newest and the one before"
    assert all(part.stat().st_size < 2 * 70_000 for part in parts)
    newest = load_recording(path)
    assert newest.end == COMPLETE
    assert [info.client for info in newest.connections] == ["stays"]
    assert list(newest.phases(0)) == [entered]
    assert newest.samples[0][-1] == SERIES[-1]
    (before,) = set(parts) - {path}
    ticks = [one.tick for one in read_records(before) if isinstance(one, Sample)]
    first = next(one for one in read_records(path) if isinstance(one, Sample))
    assert ticks[-1] + 1 == first.tick, "nothing lies between two parts"


def test_a_rotating_recording_that_restarts_leaves_no_parts(tmp_path: Path) -> None:
    path = tmp_path / "soak.jsonl"
    with Recorder(path, rotate_bytes=60_000) as recorder:
        for each in RECORDS:
            recorder.write(each)
        recorder.restart()
        for each in (*RECORDS[:2], COMPLETE):
            recorder.write(each)
    assert list(tmp_path.iterdir()) == [path]
    assert [type(one) for one in read_records(path)][::2] == [Header, RecordingEnd]


def test_a_part_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "soak.1.jsonl").write_text("mine")
    with Recorder(tmp_path / "soak.jsonl", rotate_bytes=60_000) as recorder:
        for each in RECORDS:
            recorder.write(each)
        with pytest.raises(EnvironmentUnfit, match=r"soak\.1\.jsonl exists"):
            recorder.check()
    assert (tmp_path / "soak.1.jsonl").read_text() == "mine"
