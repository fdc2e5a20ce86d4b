"""Recordings of older versions can be read and have the same meaning: one file of each format."""

from pathlib import Path

import pytest

from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.recording import load_recording
from stallsim.timeline.records import FORMAT_VERSION, READABLE_VERSIONS
from stallsim.verdict.verdict import VerdictKind, judge_run

from .command_line import CommandLine

DATA = Path(__file__).parent.parent / "data"
ZERO_WINDOW = "85b278d51f181784105c9250388c8f33b5f0ee52ba949411221b4345e6b878be"
OLD = [version for version in READABLE_VERSIONS if version != FORMAT_VERSION]


@pytest.mark.parametrize("version", OLD)
def test_a_run_of_an_older_format_is_judged_as_it_was(version: int) -> None:
    timeline = load_recording(DATA / f"run-{version}.jsonl")
    assert timeline.header is not None
    assert timeline.header.version == version
    assert judge_run(timeline).outcome is VerdictKind.PASS
    assert make_ledger(timeline).digest == ZERO_WINDOW


def test_a_probe_of_an_older_format_is_shown_with_what_it_found(command_line: CommandLine) -> None:
    ended = command_line("replay", str(DATA / "probe-3.jsonl"), "--plain")
    assert ended.code == 0, ended
    assert "event=judged outcome=unbounded-growth" in ended.out
    assert "OUTCOME  unbounded-growth, confidence low" in ended.out
