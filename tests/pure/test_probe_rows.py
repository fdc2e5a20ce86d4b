"""The first screen of a report: a row a stall, how far was looked, and the command that looks further."""

import pytest
import typer.main
from msgspec.structs import replace

from stallsim.cli._app import app
from stallsim.cli._further import WRITTEN, with_command
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.rows import row_of
from stallsim.probing.report.wording import report_lines
from stallsim.timeline.probed.outcomes import HORIZON_BYTES, Assessment, Confidence, Outcome

from .observations import MB, blocked, closed, observation, samples
from .test_probe_report import DROPS, WAITED, probed


@pytest.mark.parametrize(
    ("seen", "standing", "bound", "ended"),
    [
        (observation(), Assessment.OPEN, "none below ~12.0 MB", "not in 4 s"),
        (observation(refused_bytes=100 * MB), Assessment.FAULT, "none below ~100 MB", "not in 4 s"),
        (observation(end=closed(2.0)), Assessment.DEFENDED, "at most ~12.0 MB", "2 s"),
        (
            observation(end=closed(2.0), samples=samples(share=0.3)),
            Assessment.FAULT,
            "at most ~12.0 MB",
            "2 s",
        ),
        (DROPS, Assessment.DEFENDED, "~3.0 MB at the wake", "not in 4 s"),
        (WAITED, Assessment.DEFENDED, "its stream waits", "not in 4 s"),
        (blocked(), Assessment.FAULT, "all streams wait", "not in 4 s"),
        (observation(verified=False), Assessment.OPEN, "not known", "not in 4 s"),
        (
            observation("vanishing", growth_after_close_per_s=0.0),
            Assessment.DEFENDED,
            "not known",
            "client left",
        ),
        (
            observation("vanishing", growth_after_close_per_s=3e6),
            Assessment.FAULT,
            "not known",
            "client left",
        ),
        (observation("vanishing"), Assessment.OPEN, "not known", "not in 4 s"),
    ],
)
def test_each_outcome_has_its_row(seen: Observation, standing: Assessment, bound: str, ended: str) -> None:
    (report,) = probed(seen).stalls
    row = row_of(report)
    assert (row.standing, row.bound, row.ended) == (standing, bound, ended)


def test_missing_messages_with_low_confidence_show_no_defence() -> None:
    (report,) = probed(DROPS).stalls
    assert replace(report, confidence=Confidence.LOW).standing is Assessment.OPEN
    ended = replace(report, outcome=Outcome.DISCONNECTS, confidence=Confidence.LOW)
    assert ended.standing is Assessment.DEFENDED


@pytest.mark.parametrize(("growth_per_s", "told"), [(0.0, "no leak seen"), (3e6, "leaks")])
def test_a_client_that_left_shows_whether_anything_leaks(growth_per_s: float, told: str) -> None:
    (report,) = probed(observation("vanishing", growth_after_close_per_s=growth_per_s)).stalls
    assert row_of(report).outcome == told


def test_one_screen_comes_first_and_the_evidence_with_v() -> None:
    result = probed(observation(), blocked(), observation(end=closed()))
    short, long = report_lines(result, "utf-8"), report_lines(result, "utf-8", verbose=True)
    assert len(short) <= 24
    assert long[: len(short) - 1] == short[:-1]
    assert short[-1] == f"{long[len(short) - 1]}; -v shows the evidence"
    marks = [line[0] for line in short if line[:1] in set("✓✗?")]
    assert marks == ["?", "✗", "✓"]
    assert any(line.startswith("seen ") for line in long)
    assert not any(line.startswith("seen ") for line in short)
    plain = [line[:2] for line in report_lines(result, "ascii") if line[:2] in {"ok", "NO", "??"}]
    assert plain == ["??", "NO", "ok"]


def test_a_report_says_when_the_servers_end_was_hidden() -> None:
    hidden = "the server's end of the connection could not be read"
    seen = observation()
    assert not any(hidden in line for line in report_lines(probed(seen), "utf-8"))
    assert (
        sum(
            hidden in line
            for line in report_lines(
                probed(replace(seen, record=replace(seen.record, visible=False))), "utf-8"
            )
        )
        == 1
    )


def test_growth_that_was_not_watched_far_enough_says_what_a_longer_look_takes() -> None:
    result = probed(observation())
    assert result.further is not None
    assert result.further.goal_bytes == HORIZON_BYTES
    rate = 12 * MB / 4.0
    assert HORIZON_BYTES / rate < result.further.watch_s < 1.3 * HORIZON_BYTES / rate
    words = [
        "probe",
        "ws://127.0.0.1:1/",
        "--quick",
        "--profile=vanishing",
        "--for",
        "1MB",
        "--token",
        "t0k",
    ]
    told = with_command(result, words)
    assert told.further is not None
    assert told.further.command == (
        "stallsim probe ws://127.0.0.1:1/ --token ... --profile stop-reading --watch 27s"
    )
    assert told.further.command in "\n".join(report_lines(told, None))


def test_the_command_for_a_longer_look_writes_none_of_the_files_that_are_there_by_now() -> None:
    written = ["--record", "a.jsonl", "-o", "a.html", "-oa.md", "--output=a.svg", "--junit=a.xml"]
    words = ["probe", "ws://127.0.0.1:1/", *written, "--pcap", "a.pcapng", "--force", "--timeout", "9s"]
    told = with_command(probed(observation()), [*words, "-HCookie: t0k", "--ca", "ca.pem"])
    assert told.further is not None
    assert told.further.command == (
        "stallsim probe ws://127.0.0.1:1/ -H... --ca ca.pem --profile stop-reading --watch 27s"
    )


def test_each_option_of_a_probe_that_takes_a_file_reads_it_or_is_left_out() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    takes = {name for one in commands["probe"].params if one.metavar == "FILE" for name in one.opts}
    reads = {"--token-file", "--ca"}
    assert takes - reads == set(WRITTEN), "stallsim/cli/_further.py: which options write their FILE"


def test_where_the_kernels_took_everything_the_whole_command_is_given() -> None:
    slow = replace(observation().record.baseline, bytes_per_s=20_000.0)
    result = probed(observation(baseline=slow, full_after_s=None, refused_bytes=0))
    told = with_command(result, ["probe", "ws://127.0.0.1:1/", "--quick"])
    assert told.further is not None
    assert told.further.command == "stallsim probe ws://127.0.0.1:1/ --profile stop-reading --watch 76s"
    lines = "\n".join(report_lines(told, None))
    assert f"that fill the kernels take 76 s at this stream's rate: {told.further.command}" in lines


@pytest.mark.parametrize(
    "seen", [observation(end=closed()), observation(refused_bytes=100 * MB), blocked()]
)
def test_where_nothing_would_change_no_longer_look_is_offered(seen: Observation) -> None:
    assert probed(seen).further is None
