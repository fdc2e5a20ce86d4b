"""Options in messages: as Python spells them below the edges, and as flags on the command line."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from stallsim.api.options import ProbeOptions
from stallsim.cli import app
from stallsim.named_options import _FLAGS, _NAMED, for_command_line
from stallsim.pytest_plugin.options import StallOptions

from .source import MODULES, PACKAGE, python_files

COMMANDS: Any = get_command(app).commands  # type: ignore[attr-defined]
BELOW = [
    path
    for room in ("probing", "api", "pytest_plugin", "timeline", "reports")
    for path in python_files(PACKAGE / room)
    if path.name != "thresholds.py"  # which only the command line has
]
FLAG = re.compile(r"(?<![\w-])--(" + "|".join(flag[2:] for flag in _FLAGS.values()) + r")\b")


def test_each_is_spelled_as_the_command_line_has_it() -> None:
    assert (
        for_command_line("a longer `watch=` 30s; `verify_tls=False`") == "a longer --watch 30s; --insecure"
    )
    declared = {flag for option in COMMANDS["probe"].params for flag in option.opts}
    for name, flag in _FLAGS.items():
        assert flag in declared
        assert name in ProbeOptions.__optional_keys__ | StallOptions.__optional_keys__, name


@pytest.mark.parametrize("path", BELOW, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nobody_below_the_edges_is_told_a_flag(path: Path) -> None:
    tree = ast.parse(path.read_text())
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            assert not FLAG.search(node.value), node.value
            for name in _NAMED.findall(node.value):
                assert name in _FLAGS, name


def test_every_module_is_looked_at() -> None:
    assert len(BELOW) > len(MODULES) / 4
