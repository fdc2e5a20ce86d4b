"""``stallsim diff``: two ledgers are equal, or their first different entry is shown."""

from pathlib import Path

import pytest

from .running import command

pytestmark = pytest.mark.loopback
OTHER = ("--set", "clients.hung.stop-tick=30")


def record(path: Path, *words: str) -> Path:
    assert command("run", "stop-reading", "--record", path, *words).returncode == 0
    return path


def printed(path: Path, *words: str) -> Path:
    path.write_text(command("run", "stop-reading", "--json", *words).stdout)
    return path


def test_two_runs_of_a_profile_are_the_same(tmp_path: Path) -> None:
    ended = command("diff", record(tmp_path / "a"), printed(tmp_path / "b"))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("the same: 5 entries, digest ")


def test_the_first_entry_that_differs_is_named(tmp_path: Path) -> None:
    ended = command("diff", record(tmp_path / "a"), printed(tmp_path / "b", *OTHER))
    assert (ended.returncode, ended.stderr) == (1, "")
    heading, *fields = ended.stdout.splitlines()
    assert heading == "entry 1: hung (connection 0): the ledgers differ"
    assert ["tick", "20", "30"] in [field.split() for field in fields]


def test_an_entry_that_one_lacks_is_named(tmp_path: Path) -> None:
    short = record(tmp_path / "b", "--set", "expect=[]", "--set", "ticks=60")
    ended = command("diff", record(tmp_path / "a"), short)
    assert ended.returncode == 1
    assert ended.stdout.startswith("entry 3: hung (connection 0): write-blocked at tick ")
    assert f"is in {tmp_path / 'a'} and not in {short}" in ended.stdout


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("{}\n")
    for other in (tmp_path / "b", tmp_path / "absent", tmp_path):
        ended = command("diff", record(tmp_path / "a", "--force"), other)
        assert (ended.returncode, ended.stdout) == (2, "")
        (line,) = ended.stderr.splitlines()
        assert str(other) in line
