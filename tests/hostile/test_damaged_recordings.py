"""Recordings that are damaged or forged: one line of error, or a report; no traceback, no raw byte."""

import random
from pathlib import Path

import pytest

from .damage import damaged
from .in_process import call, faults_of

DATA = Path(__file__).parents[1] / "data"
RECORDINGS = sorted(DATA.glob("*.jsonl"))
COMMANDS = (
    ("replay", "{}", "--plain"),
    ("replay", "{}", "--json"),
    ("diff", "{}", "{}"),
    ("report", "{}", "-o", "-"),
)
SHORT, LONG = 40, 3000


def tried(count: int, recording: Path, tmp_path: Path) -> None:
    whole = recording.read_bytes()
    path = tmp_path / "damaged.jsonl"
    for number in range(count):
        draw = random.Random(f"{recording.name} {number}")
        path.write_bytes(damaged(whole, draw))
        words = [word.format(path) for word in draw.choice(COMMANDS)]
        ended = call(*words)
        assert list(faults_of(ended)) == [], f"seed {number}: {' '.join(words[:1])} {ended.err.decode()}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.name)
def test_some_damage(recording: Path, tmp_path: Path) -> None:
    tried(SHORT, recording, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.name)
def test_much_damage(recording: Path, tmp_path: Path) -> None:
    tried(LONG, recording, tmp_path)


@pytest.mark.parametrize("command", ["replay", "diff"])
def test_a_file_without_an_end_is_no_recording(command: str) -> None:
    ended = call(command, *["/dev/zero"] * (2 if command == "diff" else 1))
    assert ended.code == 2
    assert b"longer than 16 MiB" in ended.err
