"""Reports as files: what each format shows of a subject, and the files that reports are made from."""

import csv
import io
import re
import resource
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from msgspec.structs import replace

from stallsim.errors import EnvironmentUnfit, RecordingError, ReportError
from stallsim.fleet.judging import judge
from stallsim.reports.account import CheckStatus
from stallsim.reports.differences import differences
from stallsim.reports.formats import FORMATS
from stallsim.reports.found import Found, found_in, found_timeline
from stallsim.reports.output import Output, format_of
from stallsim.timeline.recorder import Recorder
from stallsim.timeline.sample import Sample
from stallsim.timeline.timeline import Timeline

from .builders import COMPLETE
from .fleets import fleet as fleet_timeline
from .fleets import records as fleet_records
from .reports import a_fleet, a_matrix, a_probe, a_run, probe_result, stalled_run

UNFOLDED_LINES_MAX = 60
FOLDED = re.compile(r"<details>(<summary>.*?</summary>).*?</details>", re.DOTALL)


SUBJECTS = [a_run(), a_probe(), a_matrix(), a_fleet()]
MANY = [SUBJECTS[:3], SUBJECTS[1:], [a_run()] * 5, [a_fleet()] * 3]


def made(name: str, *found: Found) -> bytes:
    out = io.BytesIO()
    FORMATS.find(name)().write(found, out)
    return out.getvalue()


def test_an_unknown_suffix_is_answered_with_the_list() -> None:
    with pytest.raises(ReportError, match=r"x\.docx.*allowed:.*\.csv.*\.junit\.xml.*\.md"):
        format_of("x.docx")


@pytest.mark.parametrize(
    "found", [[one] for one in SUBJECTS] + [SUBJECTS[:3], SUBJECTS[1:], [a_run()] * 5, [a_fleet()] * 3]
)
def test_markdown_is_short_and_nobody_else_writes_in_it(found: Sequence[Found]) -> None:
    text = made("md", *found).decode()
    unfolded = FOLDED.sub(r"\1", text)
    assert len(unfolded.splitlines()) <= UNFOLDED_LINES_MAX
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "<img" not in text
    assert text.count("<details>") == text.count("</details>")
    assert found[0].account.outcome in unfolded
    table = [line for line in unfolded.splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table[:3]}) <= 1


@pytest.mark.parametrize("found", SUBJECTS)
def test_junit_counts_what_it_holds(found: Found) -> None:
    (suite,) = ET.fromstring(made("junit", found))
    cases = suite.findall("testcase")
    assert suite.attrib["tests"] == str(len(cases)) == str(len(found.account.checks))
    for count, tag in (("failures", "failure"), ("skipped", "skipped")):
        assert suite.attrib[count] == str(sum(case.find(tag) is not None for case in cases))


def test_what_cannot_be_told_is_never_green() -> None:
    unfinished = found_timeline(_copy(stalled_run(), end=False), "cut")
    assert {check.status for check in unfinished.account.checks} <= {
        CheckStatus.NOT_KNOWN,
        CheckStatus.FAILED,
    }
    assert "before the end of the run" in made("md", unfinished).decode()


def test_a_row_of_csv_is_a_sample(tmp_path: Path) -> None:
    path = recorded(stalled_run(), tmp_path / "run.jsonl")
    rows = list(csv.DictReader(io.StringIO(made("csv", found_in(path)).decode())))
    series = stalled_run().samples[0]
    assert len(rows) == len(series)
    for row, sample in zip(rows, series, strict=True):
        assert int(row["tick"]) == sample.tick
        assert {name: row[name] for name in ("queue_bytes", "rcvq_bytes")} == {
            "queue_bytes": str(sample.queue_bytes),
            "rcvq_bytes": str(sample.rcvq_bytes),
        }
    assert set(Sample.__struct_fields__) < set(rows[0])


def test_samples_and_cells_do_not_mix() -> None:
    with pytest.raises(ReportError, match="no columns in common"):
        made("csv", a_run(), a_matrix())
    with pytest.raises(ReportError, match="report the recording instead"):
        made("csv", a_probe())


def test_a_fleet_has_a_case_for_each_size_and_each_limit() -> None:
    (suite,) = ET.fromstring(made("junit", a_fleet()))
    cases = {case.attrib["name"]: case for case in suite.findall("testcase")}
    assert list(cases) == [
        "step 1: 1,000 clients",
        "step 2: 2,000 clients",
        "step 3: 3,000 clients",
        "max-memory-per-client",
        "min-clients",
        "fail-on witnesses",
    ]
    failed = [name for name, case in cases.items() if case.find("failure") is not None]
    assert failed == ["step 3: 3,000 clients", "min-clients", "fail-on witnesses"]


def test_a_size_that_was_not_reached_and_a_limit_that_was_not_tested_are_not_green() -> None:
    cut = Timeline()
    for record in fleet_records(ends=False)[:6]:
        cut.append(record)
    checks = {one.name: one.status for one in found_timeline(cut, "cut").account.checks}
    assert checks["step 1: 1,000 clients"] is CheckStatus.PASSED
    assert checks["step 2: 2,000 clients"] is checks["step 3: 3,000 clients"] is CheckStatus.NOT_KNOWN
    assert checks["min-clients"] is checks["fail-on witnesses"] is CheckStatus.NOT_TESTED
    none = Timeline()
    none.append(fleet_records()[0])
    assert [one.status for one in found_timeline(none, "none").account.checks] == [CheckStatus.NOT_KNOWN]


def test_a_page_draws_a_fleet_over_time_and_says_what_each_line_is() -> None:
    page = made("html", a_fleet()).decode()
    assert page.count('<g transform="translate') == 4
    assert 'class="queue"' in page
    assert page.count('class="grows"') == 4 * 3, "a line in each panel where it grows"
    for words in ("stalled (the kernel confirms it)", "3,000", "send queues by size", "8.2 kB"):
        assert words in page
    assert "<polyline" not in made("html", a_run()).decode()


def test_a_row_of_a_fleet_is_a_reading_of_a_worker(tmp_path: Path) -> None:
    path = tmp_path / "fleet.jsonl"
    with Recorder(path) as recorder:
        for record in fleet_records():
            recorder.write(record)
    rows = list(csv.DictReader(io.StringIO(made("csv", found_in(path)).decode())))
    assert [(row["worker"], row["open"], row["stalled"]) for row in rows] == [
        ("far", "1000", "500"),
        ("far", "2000", "1000"),
        ("far", "3000", "1500"),
    ]
    assert {row["server_rss_bytes"] for row in rows} == {"-1"}
    assert made("csv", a_fleet()).count(b"\n") == 4
    with pytest.raises(ReportError, match="no columns in common"):
        made("csv", a_fleet(), a_run())


def test_what_differs_is_named() -> None:
    one, other = a_run(), a_run()
    assert differences([one, other]) == []
    header = stalled_run().header
    assert header is not None
    scenario = replace(header.scenario, server=replace(header.scenario.server, policy="conflate"))
    changed = Timeline()
    for record in stalled_run().records():
        changed.append(replace(header, scenario=scenario) if record == header else record)
    named = differences([one, found_timeline(changed, "after.jsonl")])
    assert "server.policy: unbounded in run.jsonl, conflate in after.jsonl" in named


def test_results_are_found_by_what_is_in_the_file(tmp_path: Path) -> None:
    probe, matrix, other = tmp_path / "p.json", tmp_path / "m.json", tmp_path / "other"
    fleet = tmp_path / "f.json"
    probe.write_bytes(msgspec.json.encode(probe_result()))
    fleet.write_bytes(msgspec.json.encode(judge(fleet_timeline())))
    assert found_in(fleet).account.kind == "fleet"
    assert found_in(fleet).account.checks == a_fleet().account.checks
    matrix.write_bytes(msgspec.json.encode(a_matrix().matrix))
    assert found_in(probe).account.kind == "probe"
    assert found_in(matrix).account.kind == "matrix"
    other.write_text("nothing of ours\n")
    with pytest.raises(RecordingError, match="not a recording"):
        found_in(other)
    with pytest.raises(RecordingError, match="No such file"):
        found_in(tmp_path / "absent")


def test_a_file_that_exists_is_refused_and_one_without_a_report_goes(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    with pytest.raises(KeyError), Output(str(path)):
        raise KeyError
    assert not path.exists()
    path.write_text("mine, and longer than any report is likely to be: " + "x" * 100_000)
    with pytest.raises(ReportError, match="`force=True` overwrites it"):
        Output(str(path))
    with pytest.raises(KeyError), Output(str(path), force=True):
        raise KeyError
    assert path.read_text().startswith("mine")
    with Output(str(path), force=True) as output:
        output.write([a_run()])
    assert path.read_bytes() == made("md", a_run())


def test_a_report_that_there_is_no_room_for_is_the_machines_fault(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Output(str(tmp_path / "x.md")) as output:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
        try:
            with pytest.raises(EnvironmentUnfit, match="cannot be written: File too large"):
                output.write([a_run()])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def recorded(timeline: Timeline, path: Path) -> Path:
    with Recorder(path) as recorder:
        for record in timeline.records():
            if record != COMPLETE:
                recorder.write(record)
        for series in timeline.samples:
            for sample in series:
                recorder.write(sample)
        recorder.write(COMPLETE)
    return path


def _copy(timeline: Timeline, *, end: bool) -> Timeline:
    copy = Timeline()
    for record in timeline.records():
        if end or record != timeline.end:
            copy.append(record)
    return copy
