"""Rules for every file: nothing unfinished, no swallowed exception."""

import ast
from pathlib import Path

from .source import PACKAGE, ROOT, expect_none, parsed, python_files

UNFINISHED = ("TO" + "DO", "FIX" + "ME", "X" * 3)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_file_is_finished() -> None:
    texts = {relative(path): path.read_text() for path in python_files(PACKAGE, ROOT / "tests")}
    unfinished = {name for name, text in texts.items() if any(word in text for word in UNFINISHED)}
    expect_none(unfinished, f"a file has one of the words {', '.join(UNFINISHED)}")
    assert len(texts) > 500, "the files were found"


def test_every_module_says_what_it_is() -> None:
    summaries = {
        relative(path): (ast.get_docstring(parsed(path)) or "").partition("\n")[0]
        for path in python_files(PACKAGE)
    }
    wrong = (f"{name}: {words!r}" for name, words in summaries.items() if not 0 < len(words) < 108)
    expect_none(
        wrong, "a module's docstring begins with a line of less than 108 characters that says what it is"
    )


def test_only_the_command_line_prints() -> None:
    printing = [
        relative(path)
        for path in python_files(PACKAGE)
        if path.parent.name != "cli"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    expect_none(printing, "only the modules of stallsim/cli print")
