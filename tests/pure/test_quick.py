"""Frequent commands import little: a help, a list, a version."""

import subprocess
import sys

import pytest

HEAVY = {"trio", "msgspec", "wsproto", "psutil", "h11", "trustme", "cryptography"}
"""Each takes a part of the 0.15 s in which ``stallsim list`` is to be there."""


@pytest.mark.parametrize("words", [["list"], ["--help"], ["--version"], ["probe", "--help"]], ids=" ".join)
def test_it_imports_nothing_heavy(words: list[str]) -> None:
    asked = "import sys; from stallsim.__main__ import main; sys.argv[1:] = sys.argv[2:]; "
    code = asked + "import atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); main()"
    ended = subprocess.run(
        [sys.executable, "-c", code, "-", *words], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout
    heavy = HEAVY | ({"typer"} if words == ["list"] else set())
    assert heavy & set(ended.stderr.split()) == set()
