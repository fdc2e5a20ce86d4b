"""Every report format of every kind of recording, written by the command line and read again."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from stallsim.errors import Unavailable
from stallsim.reports.formats import FORMATS

from .running import command
from .test_probe import ANYWHERE, server

pytestmark = [pytest.mark.loopback, pytest.mark.slow]
KINDS = {
    "run": ("run", "stop-reading"),
    "probe": (
        "probe",
        ANYWHERE,
        "--exec",
        server("keeps_everything"),
        "--profile",
        "stop-reading",
        "--quick",
    ),
    "matrix": ("matrix", "--policy", "conflate", "--guard", "none", "--client", "stop-reading"),
}


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One of each kind, with a report in Markdown that is made at once beside it."""
    folder = tmp_path_factory.mktemp("recordings")
    made = {}
    for kind, words in KINDS.items():
        made[kind] = folder / f"{kind}.jsonl"
        ended = command(*words, "--record", made[kind], "-o", folder / f"{kind}.md", "--json")
        assert ended.returncode == 0, ended.stderr
        json.loads(ended.stdout)
    return made


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FORMATS.names())
def test_every_format_of_every_kind(
    kind: str, name: str, recordings: dict[str, Path], tmp_path: Path
) -> None:
    reporter = FORMATS.find(name)
    try:
        reporter().prepare()
    except Unavailable as missing:
        pytest.skip(str(missing))
    path = tmp_path / f"report{reporter.suffixes()[0]}"
    ended = command("report", recordings[kind], "-o", path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    content = path.read_bytes()
    assert content
    if reporter.is_text:
        content.decode()
    if name == "junit":
        assert ET.fromstring(content).findall(".//testcase")
    if name == "csv":
        assert content.count(b"\n") > 2
    ended = command("report", recordings[kind], "-o", path)
    assert ended.returncode == 2
    assert "--force overwrites it" in ended.stderr


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_at_once_and_from_the_recording_it_is_the_same(kind: str, recordings: dict[str, Path]) -> None:
    at_once = recordings[kind].with_suffix(".md").read_text()
    later = command("report", recordings[kind]).stdout
    assert at_once.splitlines()[:8] == later.splitlines()[:8]
    assert at_once.count("<details>") == later.count("<details>")


def test_several_files_are_written_at_once(tmp_path: Path) -> None:
    recording = Path(__file__).parents[1] / "data" / "run-3.jsonl"
    files = [tmp_path / name for name in ("a.md", "a.csv")]
    words = [word for file in files for word in ("-o", file)]
    assert command("report", recording, *words).returncode == 0
    assert all(file.stat().st_size for file in files)
    named = command("report", recording, *words, "--force", "--format", "md")
    assert (named.returncode, named.stderr.count("\n")) == (2, 1)
    assert "--format: it is for one --output" in named.stderr


def test_on_standard_output_there_is_nothing_else(tmp_path: Path) -> None:
    ended = command("run", "stop-reading", "-o", "-")
    assert ended.stdout.startswith("### stallsim run: stop-reading")
    assert ended.stdout.rstrip().endswith("</details>")
    both = command("run", "stop-reading", "-o", "-", "--json")
    assert both.returncode == 2
    assert "write to standard output" in both.stderr
    unknown = command("run", "stop-reading", "-o", tmp_path / "x.docx")
    assert unknown.returncode == 2
    assert "allowed: " in unknown.stderr
