"""The lessons, one file each, in the order of their numbers."""

import importlib
import inspect
import pkgutil

from ..lesson import Lesson


def all_lessons() -> list[Lesson]:
    """Every lesson, first to last; lesson n is at index n - 1."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [_lesson(importlib.import_module(f"{__name__}.{name}")) for name in names]


def _lesson(module: object) -> Lesson:
    (found,) = (
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Lesson) and member is not Lesson
    )
    made: Lesson = found()
    return made
