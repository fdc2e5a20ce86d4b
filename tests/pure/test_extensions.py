"""CONTRIBUTING is true: an extension is one new file and the rows that the tests demand.

The tests run in a copy of the tree that has one new member of each family.
"""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .extension_rows import ASKED_FOR, COLUMN, ROWS
from .extensions import NEW
from .source import ROOT

ASK = ("test_tidy_pages.py", "test_tidy_theory.py", "test_guards.py", "test_policy_oracles.py")
"""The tests that ask for a row."""
TESTS = (
    *ASK, "test_tidy_files.py", "test_tidy_imports.py", "test_tidy_variants.py", "test_docs.py",
    "test_reports.py", "test_report_formats.py", "test_schemas.py", "test_client_contract.py",
    "test_policy_contract.py", "test_contract_of_specs.py", "test_every_protocol.py",
)  # fmt: skip
FOLDERS = ("stallsim", "tests/pure", "profiles", "docs", "examples")
FILES = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "tests/__init__.py", "tests/conftest.py")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with every extension in it, and without the rows that the tests ask for."""
    return copy_to(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with these rows."""
    copy = copy_to(tmp_path_factory.mktemp("extended"))
    for name, edits in ROWS.items():
        for edit in edits:
            text = (copy / name).read_text()
            assert edit(text) != text, f"{name}: the place for a row was not found"
            (copy / name).write_text(edit(text))
    return copy


def copy_to(copy: Path) -> Path:
    for folder in FOLDERS:
        shutil.copytree(
            ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "_build")
        )
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    for name, text in NEW.items():
        assert not (copy / name).exists(), (
            f"{name} is there: this test adds such a file to a copy of the tree; give the one in "
            "NEW another name"
        )
        (copy / name).write_text(text)
    for name, (place, becomes) in COLUMN.items():
        text = (copy / name).read_text()
        assert place in text
        (copy / name).write_text(text.replace(place, becomes, 1))
    return copy


def run_in(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=copy, capture_output=True, text=True, check=False, timeout=300
    )


FEED = """
import socket, sys, threading

def feed(peer):
    peer.recv(100)
    try:
        for number in range(10**9):
            peer.sendall(b"line %d %s\\n" % (number, b"x" * 1000))
    except OSError:
        pass

listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=feed, args=(listening.accept()[0],), daemon=True).start()
"""


@pytest.mark.slow
def test_it_is_found_by_its_name_and_runs(copied: Path) -> None:
    listed = run_in(copied, "-m", "stallsim", "list").stdout
    for name in ("naps", "keep-one", "short-patience", "half-reader", "lines", "txt"):
        assert f"  {name} " in listed
    words = ("-m", "stallsim", "run", "naps", "--plain")
    written = ("--record", "run.jsonl", "-o", "out.txt", "-o", "out.csv")
    ended = run_in(copied, *words, "--set", "server.policy=keep-one", *written)
    assert "event=wakes" in ended.stdout, ended.stderr
    assert (copied / "out.txt").read_text()
    assert run_in(copied, "-m", "stallsim", "bars", "run.jsonl").stdout == f"napper {'#' * 60}\n"
    with (copied / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert all(int(row["snd_cwnd_segments"]) > 0 for row in rows)


@pytest.mark.slow
@pytest.mark.nightly
def test_a_server_that_streams_by_a_new_protocol_is_probed(copied: Path) -> None:
    (copied / "feed.py").write_text(FEED)
    serve = f"exec {sys.executable} feed.py $PORT"
    stall = ("--profile", "half-reader", "--quick", "--json")
    ended = run_in(copied, "-m", "stallsim", "probe", "--exec", serve, "lines://127.0.0.1:0/", *stall)
    (report,) = json.loads(ended.stdout)["stalls"]
    assert (report["stall"], report["outcome"]) == ("half-reader", "backpressure-isolated")


@pytest.mark.slow
@pytest.mark.nightly
def test_a_tree_with_one_of_each_passes_its_own_tests(copied: Path) -> None:
    tests = [str(Path("tests/pure") / name) for name in TESTS]
    ended = run_in(copied, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", "2", *tests)
    assert ended.returncode == 0, ended.stdout[-4000:]


@pytest.mark.slow
@pytest.mark.nightly
def test_what_is_not_written_yet_is_asked_for_by_name_and_place(bare: Path) -> None:
    tests = [str(Path("tests/pure") / name) for name in ASK]
    ended = run_in(bare, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert ended.returncode == 1
    assert [words for words in ASKED_FOR if words not in ended.stdout] == []
