"""Nothing unfinished, nothing silent: what every file of ours has and has not."""

import ast
from pathlib import Path

import pytest

from .source import PACKAGE, ROOT, python_files

OURS = python_files(PACKAGE, ROOT / "tests")
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "X" * 3)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", OURS, ids=relative)
def test_a_file_is_finished(path: Path) -> None:
    text = path.read_text()
    assert [word for word in UNFINISHED if word in text] == []


@pytest.mark.parametrize("path", python_files(PACKAGE), ids=relative)
def test_a_module_says_what_it_is(path: Path) -> None:
    summary = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]
    assert 0 < len(summary) < 108


def test_only_the_command_line_prints() -> None:
    printing = [
        relative(path)
        for path in python_files(PACKAGE)
        if path.parent.name != "cli"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []
