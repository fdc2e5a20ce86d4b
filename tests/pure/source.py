"""The program's own source as data: modules, and what each imports."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import stallsim

PACKAGE = Path(stallsim.__file__).parent
ROOT = PACKAGE.parent


def python_files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree, which nobody changes."""
    return ast.parse(path.read_text())


def module_name(path: Path) -> str:
    """``stallsim.cli`` for ``stallsim/cli/__init__.py``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in python_files(PACKAGE)}


@cache
def imports_of(name: str) -> tuple[str, ...]:
    """Every module of ours that ``name`` imports, wherever in its file it does so."""
    return tuple(_imports_of(name))


def _imports_of(name: str) -> Iterator[str]:
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        if isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            target = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                full = f"{target}.{alias.name}"
                if full in MODULES:
                    yield full
                elif target in MODULES:
                    yield target


def expect_none(faults: Iterable[str], why: str) -> None:
    """Fails with a line for each fault, in whole: of a set pytest would show a part."""
    found = sorted(set(faults))
    assert not found, "\n".join((f"{why}:", *found))
