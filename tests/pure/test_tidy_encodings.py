"""Text is read and written in a named encoding, whatever the user's locale."""

import ast
from collections.abc import Iterator

from .source import PACKAGE, expect_none, parsed, python_files


def of_the_locale(tree: ast.AST) -> Iterator[int]:
    """Lines where a file is opened as text, and no encoding is named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not any(one.arg == "encoding" for one in node.keywords):
            binary = any(isinstance(one, ast.Constant) and "b" in str(one.value) for one in node.args[1:2])
            match node.func:
                case ast.Name("open") if not binary:
                    yield node.lineno
                case ast.Attribute(attr="read_text" | "write_text"):
                    yield node.lineno


def test_no_text_has_the_locales_encoding() -> None:
    found = (
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in python_files(PACKAGE)
        for line in of_the_locale(parsed(path))
    )
    expect_none(found, "a file is opened as text, and no encoding is named")


def test_such_a_line_is_found() -> None:
    lines = 'open("x")\nopen("x", "rb")\np.read_text()\nopen("x", "w")\nopen("x", encoding="utf-8")'
    assert list(of_the_locale(ast.parse(lines))) == [1, 3, 4]
