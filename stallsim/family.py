"""A family is a package in which one module is one variant.

``stallsim/clients/sleeping_tab.py`` *is* the client ``sleeping-tab``: no registry, no list to edit.
Names are read from the folder, so listing them imports nothing.
"""

import importlib
import inspect
import pkgutil
from typing import Generic, TypeVar

from .errors import UnknownVariant

T = TypeVar("T")


class Family(Generic[T]):
    """The variants of ``base`` that live in ``package``, found by name."""

    def __init__(self, what: str, package: str, base: type[T]) -> None:
        self.what, self.package, self.base = what, package, base

    def names(self) -> list[str]:
        """Every variant, kebab-case, sorted. Modules that begin with ``_`` are not variants."""
        path = importlib.import_module(self.package).__path__
        found = [module.name for module in pkgutil.iter_modules(path)]
        return sorted(name.replace("_", "-") for name in found if not name.startswith("_"))

    def find(self, name: str) -> type[T]:
        """The variant's class. Raises UnknownVariant, with what was probably meant."""
        if name not in self.names():
            raise UnknownVariant(self.what, name, self.names())
        module = importlib.import_module(f"{self.package}.{name.replace('-', '_')}")
        (variant,) = (
            member
            for _, member in inspect.getmembers(module, inspect.isclass)
            if issubclass(member, self.base) and member.__module__ == module.__name__
        )
        return variant

    def summary(self, name: str) -> str:
        """The first line of the variant's docstring."""
        return (inspect.getdoc(self.find(name)) or "").partition("\n")[0]
