"""Whatever a server says of the credentials that it was given is shown and written nowhere."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.loopback.running import ENVIRONMENT

from .processes import COMMAND

pytestmark = pytest.mark.loopback
SECRET = "opensesame"
SERVER = Path(__file__).with_name("telling_server.py")
FILES = ("--record", "r.jsonl", "--junit", "r.xml", "-o", "r.html", "-o", "r.md", "-o", "r.csv")


@pytest.mark.parametrize("answer", ["close", "echo", "die"])
@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"?token={SECRET}", ()),
        ("", ("--token", SECRET)),
        ("", ("--cookie", f"sid={SECRET}")),
        ("", ("--before", f"echo ws://127.0.0.1:$PORT/?token={SECRET}")),
    ],
)
def test_no_word_of_a_probe_has_a_credential(
    answer: str, query: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    given = ("--profile", "stop-reading", "--watch", "500ms", "--start-timeout", "5s", "--verbose")
    server = f"{sys.executable} {SERVER} {answer}"
    ended = _ended(tmp_path, "probe", "--exec", server, f"ws://127.0.0.1:0/{query}", *given, *words, *FILES)
    recording = tmp_path / "r.jsonl"
    if recording.exists() and recording.stat().st_size:
        replayed = _ended(tmp_path, "replay", "r.jsonl", "--verbose")
        (tmp_path / "replayed").write_text(replayed.stdout + replayed.stderr)
    (tmp_path / "shown").write_text(ended.stdout + ended.stderr)
    assert ended.stdout or ended.stderr
    assert [path.name for path in tmp_path.iterdir() if SECRET in path.read_text()] == []


@pytest.mark.parametrize(
    "words",
    [
        ("--header", f"Authorization Bearer {SECRET}"),
        ("--cookie", SECRET),
        ("--reply", SECRET),
        ("--hello-hex", SECRET),
    ],
)
def test_a_refused_option_is_not_repeated(words: tuple[str, ...], tmp_path: Path) -> None:
    ended = _ended(tmp_path, "probe", "ws://127.0.0.1:9/", *words)
    assert ended.stderr.startswith(f"stallsim: {words[0]}: expected ")
    assert SECRET not in ended.stdout + ended.stderr


def _ended(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        env=ENVIRONMENT,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
