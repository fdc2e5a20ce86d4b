"""The built wheel, installed elsewhere, contains the whole program with its profiles."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .running import CHECKOUT

pytestmark = [pytest.mark.loopback, pytest.mark.slow]
pytest.importorskip("build", reason="the package build is not installed")
pytest.importorskip("hatchling", reason="the package hatchling is not installed")


def python(*words: str | Path, cwd: Path, path: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env=environment | ({"PYTHONPATH": str(path)} if path else {}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's contents, in a folder of their own."""
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    target = folder / "target"
    words = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check"]
    python("-m", "pip", *words, "--target", target, wheel, cwd=folder)
    return target


def test_the_installed_program_runs_its_own_profiles(installed: Path, tmp_path: Path) -> None:
    where = "import stallsim, stallsim.profile.load as p; print(stallsim.__file__); print(p.folder())"
    module, profiles = python("-P", "-c", where, cwd=tmp_path, path=installed).splitlines()
    assert Path(module).parent == installed / "stallsim"
    assert Path(profiles) == installed / "stallsim/_profiles"
    listed = python("-P", "-m", "stallsim", "list", cwd=tmp_path, path=installed)
    for profile in (CHECKOUT / "profiles").glob("*.toml"):
        assert f"  {profile.stem}  " in listed
        assert (installed / "stallsim/_profiles" / profile.name).read_bytes() == profile.read_bytes()
    ran = json.loads(
        python("-P", "-m", "stallsim", "run", "well-behaved", "--json", cwd=tmp_path, path=installed)
    )
    assert ran["verdict"] == "pass"


def test_the_wheel_makes_a_page_and_brings_the_licence_of_what_is_in_it(
    installed: Path, tmp_path: Path
) -> None:
    words = ["run", "well-behaved", "--plain", "-o", "report.html"]
    python("-P", "-m", "stallsim", *words, cwd=tmp_path, path=installed)
    page = (tmp_path / "report.html").read_text()
    assert "uPlot" in page
    assert "Content-Security-Policy" in page
    licence = (installed / "stallsim/reports/page/uPlot.LICENSE").read_text()
    assert licence.startswith("The MIT License")


def test_the_wheel_is_typed_and_brings_no_tests(installed: Path) -> None:
    assert (installed / "stallsim/py.typed").is_file()
    assert {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")} <= {
        "stallsim",
        "bin",
    }
    assert (installed / "bin/stallsim").is_file()
