"""A family is a package in which one module is one variant.

``stallsim/clients/sleeping_tab.py`` *is* the client ``sleeping-tab``: no registry, no list to edit.
Names are read from the folder, so listing them imports nothing.
"""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from .errors import UnknownVariant

T = TypeVar("T")
_SUMMARY = re.compile(r'^class [^_][^:]*:\n    """(.*?)(?:"""|$)', re.MULTILINE)
"""Matches the first line of a public class's docstring; a test compares it with Python's own parser."""


def names_in(folder: Path) -> list[str]:
    """The variants in a folder, kebab-case, sorted. Modules that begin with ``_`` are not variants."""
    return list(_names_in(folder))


@cache
def _names_in(folder: Path) -> tuple[str, ...]:
    """The names in a folder. It is read only once, since the matrix asks tens of thousands of times."""
    found = (path.stem for path in folder.glob("*.py") if not path.name.startswith("_"))
    return tuple(sorted(name.replace("_", "-") for name in found))


def summaries(folder: Path) -> Iterator[tuple[str, str]]:
    """Each variant and the first line of its class's docstring, read without an import.

    A module has one public class: the variant.
    """
    for name in names_in(folder):
        found = _SUMMARY.findall((folder / f"{name.replace('-', '_')}.py").read_text(encoding="utf-8"))
        yield name, found[-1] if found else ""


class Family(Generic[T]):
    """The variants of ``base`` that live in ``package``, found by name."""

    def __init__(self, what: str, package: str, base: type[T]) -> None:
        self.what, self.package, self.base = what, package, base
        self._found: dict[str, type[T]] = {}

    def names(self) -> list[str]:
        """Every variant, kebab-case, sorted. Modules that begin with ``_`` are not variants."""
        (path,) = importlib.import_module(self.package).__path__
        return names_in(Path(path))

    def find(self, name: str) -> type[T]:
        """The variant's class. Raises UnknownVariant, which suggests a similar name."""
        if name in self._found:
            return self._found[name]
        if name not in self.names():
            raise UnknownVariant(self.what, name, self.names())
        module = importlib.import_module(f"{self.package}.{name.replace('-', '_')}")
        (variant,) = (
            member
            for member in vars(module).values()
            if isinstance(member, type)
            and issubclass(member, self.base)
            and member.__module__ == module.__name__
        )
        return self._found.setdefault(name, variant)

    def summary(self, name: str) -> str:
        """The first line of the variant's docstring."""
        return (self.find(name).__doc__ or "").partition("\n")[0]
