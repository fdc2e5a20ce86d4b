"""A file that cannot be written: the result is shown all the same, one line says why, and exit code 3."""

import subprocess
from pathlib import Path

import pytest

from stallsim.errors import ExitCode
from stallsim.reports.formats import FORMATS
from tests.loopback.running import ENVIRONMENT
from tests.pure.reports import can_be_written

from .odd_files import RECORDINGS
from .processes import COMMAND
from .started import SERVER

pytestmark = pytest.mark.loopback
FULL = "/dev/full"
PROBE = ("probe", "--exec", SERVER, "ws://127.0.0.1:0/", "--for", "100KiB", "--profile", "stop-reading")
FLEET = (
    "fleet",
    "--exec",
    SERVER,
    "ws://127.0.0.1:0/",
    "--clients",
    "5",
    "--steps",
    "1",
    "--look",
    "100ms",
)
CELL = ("matrix", "--policy", "disconnect", "--guard", "none", "--client", "no-pong")
RUN = ("run", "stop-reading")


@pytest.mark.parametrize(
    ("words", "option", "shown"),
    [
        (RUN, "--record", "digest"),
        (RUN, "--junit", "digest"),
        (RUN, "--pcap", "digest"),
        (PROBE, "--record", "OUTCOME"),
        (PROBE, "--junit", "OUTCOME"),
        (FLEET, "--record", "CAPACITY"),
        (FLEET, "--junit", "CAPACITY"),
        (CELL, "--record", "socket-gone"),
        (CELL, "--junit", "socket-gone"),
        (CELL, "--picture", "socket-gone"),
    ],
)
def test_the_result_is_shown_where_a_file_cannot_be_written(
    words: tuple[str, ...], option: str, shown: str
) -> None:
    ended = _ended(*words, option, FULL, "--force")
    assert f"stallsim: {FULL}: cannot be written: No space left on device" in ended.stderr.splitlines()
    assert shown in ended.stdout
    assert ended.returncode == ExitCode.ENVIRONMENT


def test_force_deletes_no_old_matrix_before_there_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("precious")
    absent = str(tmp_path / "absent" / "matrix.svg")
    ended = _ended(*CELL, "--record", str(tmp_path / "old"), "--force", "--picture", absent)
    assert ended.returncode == ExitCode.USAGE
    assert (tmp_path / "old").read_text() == "precious"


@pytest.mark.parametrize("size", ["0", "00", "-1", "x", "\u00b2", "9" * 5000, ""])
def test_a_width_that_is_none_changes_nothing(size: str) -> None:
    usual, odd = _ended(*CELL), _ended(*CELL, COLUMNS=size, LINES=size)
    assert (odd.returncode, odd.stdout) == (usual.returncode, usual.stdout)


def test_the_tour_on_a_terminal_said_to_be_very_wide_has_lines_with_an_end() -> None:
    ended = _ended("tour", "1", "--non-interactive", COLUMNS="999999999")
    assert ended.returncode == ExitCode.PASS
    assert max(map(len, ended.stdout.splitlines())) <= 1000


@pytest.mark.skipif(not can_be_written(FORMATS.find("svg")), reason="matplotlib is not installed")
def test_a_figure_has_no_settings_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("report", str(RECORDINGS[0]), "--format", "svg", "-o")
    assert _ended(*words, str(tmp_path / "usual")).returncode == ExitCode.PASS
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nfont.size: 40\nunknown: \x1b[31m\n")
    ended = _ended(*words, "odd", MPLBACKEND="nobody's")
    assert (ended.returncode, ended.stdout, ended.stderr) == (ExitCode.PASS, "", "")
    assert (tmp_path / "odd").read_bytes() == (tmp_path / "usual").read_bytes()


def _ended(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
