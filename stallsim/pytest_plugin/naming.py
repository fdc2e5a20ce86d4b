"""The name by which another process finds a test's function or application."""

import operator
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import StallsimError


class Name(NamedTuple):
    """A module, its file, and a name in it."""

    module: str
    file: str | None
    name: str


def name_of_function(function: Callable[..., Any]) -> Name:
    """Raises StallsimError for one that has no place in a module."""
    module = getattr(function, "__module__", None)
    name = getattr(function, "__qualname__", "")
    try:
        found = operator.attrgetter(name)(sys.modules[module or ""])
    except (AttributeError, KeyError):
        found = None
    if module is None or found is not function:
        raise StallsimError(
            f"serve: {name or repr(function)} runs in a process of its own, which finds the function by "
            "its name; allowed: a function at the top of its module (no lambda, method or local function)"
        )
    return Name(module, _file(module), name)


def name_of_app(app: Callable[..., Any]) -> Name:
    """The name of the application where it was created, not where it was imported. Raises StallsimError."""
    names = [
        Name(module, _file(module), name)
        for module, loaded in list(sys.modules.items())
        for name, value in list(getattr(loaded, "__dict__", {}).items())
        if value is app
    ]
    if not names:
        raise StallsimError(
            "serve: the application runs in a process of its own, which finds the application by its name; "
            "allowed: an application at the top of a module, 'module:name', or a function that runs it"
        )
    return min(names, key=lambda one: one.module.rpartition(".")[2].startswith(("test_", "conftest")))


def _file(module: str) -> str | None:
    return getattr(sys.modules[module], "__file__", None)
