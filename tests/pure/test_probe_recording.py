"""What a probe records is read back as it was, whatever it found; a run's older recording still is."""

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.errors import RecordingError
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.report.report import report_of
from stallsim.probing.report.summary import summarize_probe
from stallsim.timeline.outside import Observed, Probe, Probed, ServerMemory
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.recording import load_recording, read_records
from stallsim.timeline.records import FORMAT_VERSION, READABLE_VERSIONS, Record
from stallsim.timeline.timeline import Timeline

from .builders import header, info
from .observations import closed, observation
from .records import COUNT, HAPPENINGS, TEXT, TICK

HEADER = msgspec.structs.replace(header(), probe=Probe(url="ws://127.0.0.1/", stalls=["stop-reading"]))
BOTH = [
    msgspec.structs.replace(info(0, "witness-1"), unknown=("queue_bytes",)),
    msgspec.structs.replace(info(1, "stop-reading"), inferred=("queue_bytes",), unknown=("dropped_bytes",)),
]
SEEN = [observation(), observation(end=closed())]
FOUND = [
    summarize_probe("ws://127.0.0.1/", "x", [report_of(seen, judge_stall(seen))], 1.0, "\x1b[2J")
    for seen in SEEN
]
RESULTS = st.builds(Probed, tick=TICK, result=st.sampled_from(FOUND), screen=st.tuples(TEXT))
RECORDS = [seen.record for seen in SEEN]
"""Without the looks, which are records of their own."""
OBSERVED = st.lists(st.builds(Observed, tick=TICK, observation=st.sampled_from(RECORDS), stall=COUNT))
MEMORY = st.lists(st.builds(ServerMemory, tick=TICK, rss_bytes=COUNT), max_size=9)


@given(HAPPENINGS, MEMORY, OBSERVED, RESULTS)
def test_what_is_read_is_what_was_told(
    happenings: list[Record], memory: list[ServerMemory], observed: list[Observed], found: Probed
) -> None:
    records: list[Record] = [HEADER, *BOTH, *happenings, *memory, *observed, found]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probe"
        timeline = Timeline()
        with Recorder(path) as recorder:
            timeline.listen(recorder.write)
            for record in records:
                timeline.append(record)
        assert list(read_records(path)) == records
        assert (load_recording(path).memory, load_recording(path).probed) == (
            {0: memory} if memory else {},
            found,
        )


@pytest.mark.parametrize("version", range(FORMAT_VERSION + 2))
def test_older_recordings_are_read_or_refused_in_one_line(version: int, tmp_path: Path) -> None:
    path = tmp_path / "run"
    line = msgspec.json.decode(msgspec.json.encode(msgspec.structs.replace(header(), version=version)))
    del line["probe"]
    path.write_bytes(msgspec.json.encode(line) + b"\n")
    if version in READABLE_VERSIONS:
        assert load_recording(path).header == msgspec.structs.replace(header(), version=version)
        return
    with pytest.raises(RecordingError, match=f"expected version {FORMAT_VERSION}, found version {version}"):
        load_recording(path)


def test_memory_is_thinned_and_keeps_its_ends() -> None:
    timeline = Timeline()
    for tick in range(10_000):
        timeline.append(ServerMemory(tick=tick, rss_bytes=tick))
    ticks = [one.tick for one in timeline.memory[0]]
    assert len(ticks) <= 4_000
    assert (ticks[0], ticks[-1]) == (0, 9_999)
    assert ticks == sorted(ticks)
