"""Input that nobody would give: one line of error and its exit code, or what was asked for; nothing raw."""

import random
from pathlib import Path

import pytest

from .in_process import call, call_within, faults_of
from .inputs import KINDS, profile
from .odd_files import RECORDINGS

SHORT = 15


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=[kind.__name__ for kind in KINDS])
def test_some(kind: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(SHORT):
        words = list(KINDS[kind](random.Random(f"{KINDS[kind].__name__} {number}"), tmp_path))
        if KINDS[kind] is profile:  # a run would change this process
            words = ["show", words[1]]
        ended = call(*words)
        assert list(faults_of(ended)) == [], f"{number}: {words} {ended.err.decode()}"


def test_there_are_recordings_of_every_kind() -> None:
    assert {path.name.partition("-")[0] for path in RECORDINGS} >= {"run", "probe"}


@pytest.mark.parametrize("command", ["replay", "diff"])
def test_a_file_without_an_end_is_no_recording(command: str) -> None:
    ended = call(command, *["/dev/zero"] * (2 if command == "diff" else 1))
    assert ended.code == 2
    assert b"longer than 16 MiB" in ended.err


@pytest.mark.parametrize("option", ["--duration", "--interval", "--after", "--ring"])
def test_a_time_that_is_empty_is_not_taken_for_one_that_was_not_given(option: str) -> None:
    ended = call_within(60, "watch", "1", "--plain", option, "")
    assert ended.code == 2
    assert ended.err.startswith(f"stallsim: {option}: ".encode())
