"""The outputs of a watch: recordings, the ring before a stall, a command, thresholds, metrics."""

import re
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from msgspec.structs import replace
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from stallsim.errors import EnvironmentUnfit, RecordingError, StallsimError
from stallsim.kinds import Phase, Word
from stallsim.metrics.endpoint import MetricsServer, parse_address
from stallsim.metrics.exposition import MetricsFile
from stallsim.metrics.family import MetricFamily
from stallsim.timeline.changes import Change
from stallsim.timeline.recording import load_recording
from stallsim.timeline.watched import Snapshot
from stallsim.watching.alarm import Alarm
from stallsim.watching.figures import figures_of
from stallsim.watching.recording.records import trimmed
from stallsim.watching.recording.ring import Ring
from stallsim.watching.recording.whole import WholeWatch
from stallsim.watching.thresholds import Threshold, parse_thresholds, violations

from .snapshots import BAD, GOOD, WATCHED, look, story


def never(text: str) -> None:
    raise AssertionError(text)


def test_a_recording_holds_every_look_and_what_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "watch.jsonl"
    with WholeWatch(path, WATCHED, force=False) as whole:
        for snapshot, changes in story():
            whole.note(snapshot, changes)
    timeline = load_recording(path)
    assert timeline.header is not None
    assert timeline.header.watch == WATCHED
    assert [one.snapshot for one in timeline.looks] == [snapshot for snapshot, _ in story()]
    assert [info.client for info in timeline.connections] == [BAD.peer], "the other was never in trouble"
    assert [one.outq_bytes for one in timeline.samples[0]] == [90_000] * 3
    assert [phase.phase for phase in timeline.phases(0)] == [Phase.CLOSED]
    assert not timeline.interrupted
    with pytest.raises(RecordingError, match="exists"):
        WholeWatch(path, WATCHED, force=False)


def test_a_watch_that_saw_nothing_leaves_no_file(tmp_path: Path) -> None:
    with WholeWatch(tmp_path / "watch.jsonl", WATCHED, force=False):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_recording_of_very_many_connections_has_the_worst_of_them() -> None:
    crowd = [replace(GOOD, cookie=number) for number in range(10, 400)]
    cut = trimmed(look(1, *[replace(BAD, cookie=number) for number in range(500, 800)], *crowd))
    assert [one.word for one in cut.connections] == ["stalled"] * 100 + ["keeps-up"] * 20
    assert cut.left_out == 690 - 120


def test_the_ring_is_written_when_a_stall_begins_and_goes_on_for_as_long_again(tmp_path: Path) -> None:
    path = tmp_path / "incident.jsonl"
    ring = Ring(path, 5.0, WATCHED, never)
    before: list[tuple[Snapshot, list[Change]]] = [(look(number, GOOD), []) for number in range(1, 6)]
    for snapshot, changes in [*before, *((replace(s, elapsed_s=s.elapsed_s + 10), c) for s, c in story())]:
        assert path.exists() == bool(ring.written)
        ring.note(snapshot, changes)
    ring.close()
    timeline = load_recording(path)
    assert [one.snapshot.elapsed_s for one in timeline.looks] == [10.0, 12.0, 14.0, 16.0, 18.0]
    assert timeline.interrupted, "the watch was over before the ring's time was"


def test_a_stall_after_that_has_a_file_of_its_own(tmp_path: Path) -> None:
    ring = Ring(tmp_path / "incident.jsonl", 1.0, WATCHED, never)
    for shift in (0.0, 20.0):
        for snapshot, changes in story():
            ring.note(replace(snapshot, elapsed_s=snapshot.elapsed_s + shift), changes)
    ring.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["incident-2.jsonl", "incident.jsonl"]
    assert all(load_recording(path).looks for path in tmp_path.iterdir())


def test_a_ring_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "there.jsonl").write_text("mine")
    with pytest.raises(RecordingError, match="force=True"):
        Ring(tmp_path / "there.jsonl", 5.0, WATCHED, never)
    with pytest.raises(RecordingError, match="no folder"):
        Ring(tmp_path / "nowhere" / "there.jsonl", 5.0, WATCHED, never)


def test_a_command_is_run_once_a_minute_with_the_facts(tmp_path: Path) -> None:
    told = tmp_path / "told"
    alarm = Alarm(f'echo "$STALLSIM_PEER $STALLSIM_UNSENT_BYTES $STALLSIM_STALLED" >> {told}', never)
    for snapshot, changes in [*story(), *story()]:
        alarm.note(snapshot, changes)
    alarm.close()
    assert told.read_text() == "10.0.0.3:40002 90000 1\n"


def test_a_command_that_fails_is_complained_of() -> None:
    complaints: list[str] = []
    alarm = Alarm("exit 7", complaints.append)
    for snapshot, changes in story():
        alarm.note(snapshot, changes)
    alarm.close()
    assert complaints == ["`on_stall=`: the command ended with 7"]


def test_the_next_command_waits_for_the_minute_and_is_not_forgotten(tmp_path: Path) -> None:
    told = tmp_path / "told"
    alarm = Alarm(f"echo x >> {told}", never, every_s=0.3)
    stalls, quiet = story()[2], story()[3]
    alarm.note(*stalls)
    alarm.note(*stalls)
    deadline_s = time.monotonic() + 10
    while not (told.exists() and told.read_text() == "x\nx\n"):
        assert time.monotonic() < deadline_s
        alarm.note(*quiet)
    alarm.close()


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("stalled", (Threshold(Word.STALLED),)),
        ("stalled:10s, orphan", (Threshold(Word.STALLED, 10.0), Threshold(Word.ORPHAN))),
    ],
)
def test_thresholds_are_words_and_times(text: str, parsed: tuple[Threshold, ...]) -> None:
    assert parse_thresholds(text) == parsed


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("staled", "did you mean 'stalled'"),
        ("idle", "unknown word 'idle'"),
        ("stalled:10", "expected a duration"),
        ("", "unknown word ''"),
    ],
)
def test_a_threshold_that_is_none_says_what_is_allowed(text: str, complaint: str) -> None:
    with pytest.raises(StallsimError, match=re.escape(complaint)):
        parse_thresholds(text)


def test_a_threshold_is_passed_by_who_has_the_word_for_so_long() -> None:
    snapshot = look(1, BAD, GOOD)
    assert violations(parse_thresholds("stalled:13s,orphan"), snapshot) == []
    (line,) = violations(parse_thresholds("stalled:12s"), snapshot)
    assert line == "1 stalled for 12 s or longer; the longest, 10.0.0.3:40002, for 12 s"


def test_metrics_over_http_are_openmetrics_without_a_peer_in_them() -> None:
    snapshot = look(3, BAD, GOOD)
    with MetricsServer(lambda: figures_of(snapshot), "127.0.0.1:0") as server:
        with urlopen(f"http://127.0.0.1:{server.port}/metrics") as answer:
            plain = answer.read().decode()
        with pytest.raises(EnvironmentUnfit, match="in use"):
            MetricsServer(lambda: (), f"127.0.0.1:{server.port}")
    assert "10.0.0" not in plain
    assert 'stallsim_watch_connections{port="8000",word="stalled"} 1.0' in plain
    assert 'stallsim_watch_connections{port="8000",word="orphan"} 0.0' in plain
    assert 'stallsim_watch_greatest_age_seconds{port="8000",word="stalled"} 12.0' in plain
    assert "stallsim_watch_looks_total 3.0" in plain


def test_openmetrics_is_what_its_own_parser_reads() -> None:
    from prometheus_client.openmetrics.exposition import generate_latest  # noqa: PLC0415

    from stallsim.metrics.exposition import registry_of  # noqa: PLC0415

    made = registry_of(lambda: figures_of(look(3, BAD, GOOD)))
    text = generate_latest(made).decode()  # type: ignore[no-untyped-call]
    families = {one.name: one for one in text_string_to_metric_families(text)}  # type: ignore[no-untyped-call]
    assert families["stallsim_watch_looks"].type == "counter"
    assert families["stallsim_watch_pinned_bytes"].samples[0].value == 120_000
    assert {tuple(sorted(one.labels)) for family in families.values() for one in family.samples} == {
        (), ("port",), ("port", "word")
    }  # fmt: skip


def test_a_file_of_metrics_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "stallsim.prom"
    file = MetricsFile(lambda: [MetricFamily("things", "Things.", values={(): 1.0})], path)
    file.write()
    assert path.read_text().endswith("stallsim_things 1.0\n")
    assert [one.name for one in tmp_path.iterdir()] == ["stallsim.prom"]
    with pytest.raises(StallsimError, match=r"\.prom"):
        MetricsFile(lambda: (), tmp_path / "stallsim.txt")
    with pytest.raises(StallsimError, match="no folder"):
        MetricsFile(lambda: (), tmp_path / "nowhere" / "stallsim.prom")


def test_only_a_metrics_file_of_ours_is_replaced_without_force(tmp_path: Path) -> None:
    path = tmp_path / "stallsim.prom"
    families = [MetricFamily("things", "Things.", values={(): 1.0})]
    for earlier in (None, b""):
        if earlier is not None:
            path.write_bytes(earlier)
        MetricsFile(lambda: families, path).write()
        MetricsFile(lambda: families, path).write()
    path.write_text("# HELP node_things Things.\n")
    with pytest.raises(StallsimError, match="exists, and stallsim has not written it"):
        MetricsFile(lambda: families, path)
    assert path.read_text().startswith("# HELP node_things")
    MetricsFile(lambda: families, path, force=True).write()
    assert path.read_text().endswith("stallsim_things 1.0\n")
    (tmp_path / "folder.prom").mkdir()
    with pytest.raises(StallsimError, match="exists, and stallsim has not written it"):
        MetricsFile(lambda: families, tmp_path / "folder.prom")


def test_a_metrics_file_that_cannot_be_written_leaves_no_other(tmp_path: Path) -> None:
    file = MetricsFile(lambda: (), tmp_path / "folder.prom")
    (tmp_path / "folder.prom").mkdir()
    with pytest.raises(EnvironmentUnfit, match="Is a directory"):
        file.write()
    assert [one.name for one in tmp_path.iterdir()] == ["folder.prom"]


@pytest.mark.parametrize(
    ("text", "parsed"),
    [("127.0.0.1:9464", ("127.0.0.1", 9464)), (":0", ("127.0.0.1", 0)), ("[::1]:80", ("::1", 80))],
)
def test_an_address_without_a_host_is_loopback(text: str, parsed: tuple[str, int]) -> None:
    assert parse_address(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        *("9464", "localhost", "127.0.0.1:http", "::1:80", "127.0.0.1:70000", "[:80", "[]:80", "a]:80"),
        *(f":{'9' * 19}", ":\u0663", ":-1", ":1_0", ": 80"),
    ],
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(StallsimError, match="expected an address and a port"):
        parse_address(text)
