"""Options in messages are spelled as in Python, and on the command line as flags."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from stallsim.cli import _run
from stallsim.cli._app import app
from stallsim.errors import OptionError
from stallsim.named_options import NAMED, flag_of, for_command_line
from stallsim.probing.options.probe import ProbeOptions

from .source import MODULES, PACKAGE, python_files

COMMANDS: Any = get_command(app).commands  # type: ignore[attr-defined]
FLAGS = {
    flag
    for command in COMMANDS.values()
    for option in command.params
    for flag in (*option.opts, *option.secondary_opts)
    if flag.startswith("--")
}
"""Of every option that a command has."""
BELOW = [path for path in python_files(PACKAGE) if path.parent != PACKAGE / "cli"]
OURS = re.compile(r"(?<![\w-])(" + "|".join(sorted(FLAGS)) + r")(?![\w-])")
COMMAND_LINE = {"stallsim/named_options.py", "stallsim/tour/lesson.py"}
"""The table itself, and the commands that the tour prints."""
COMMANDS_TO_TYPE = re.compile(r"stallsim (run|watch|probe)\b|nsenter|cap-add|uvicorn")
"""A whole command that is to be typed into a shell is no option of who reads it."""


def strings(path: Path) -> list[ast.Constant]:
    """The texts of a module, without its docstrings."""
    tree = ast.parse(path.read_text())
    documents = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and node.value is not None
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents
    ]


def test_each_is_spelled_as_the_command_line_has_it() -> None:
    assert (
        for_command_line("a longer `watch=` 30s; `verify_tls=False`") == "a longer --watch 30s; --insecure"
    )
    probe = {one.name: (*one.opts, *one.secondary_opts) for one in COMMANDS["probe"].params}
    for name in ProbeOptions.__optional_keys__:
        assert flag_of(name) in probe[name], name


@pytest.mark.parametrize("path", BELOW, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_shows_a_flag(path: Path) -> None:
    if str(path.relative_to(PACKAGE.parent)) in COMMAND_LINE:
        return
    for node in strings(path):
        assert COMMANDS_TO_TYPE.search(str(node.value)) or not OURS.search(str(node.value)), node.value
        for name in NAMED.findall(str(node.value)):
            assert flag_of(name) in FLAGS, name


def test_an_option_at_fault_is_named_as_its_reader_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OptionError, match=r"^must_close_within: expected a duration"):
        raise OptionError("must_close_within", "expected a duration")
    assert _run(["probe", "ws://127.0.0.1:1/", "--for", "2 X"]) == 2
    assert capsys.readouterr().err.startswith("stallsim: --for: expected a size")


def test_every_module_is_looked_at() -> None:
    assert len(BELOW) > len(MODULES) / 2
