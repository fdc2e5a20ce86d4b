"""Imports matplotlib with its own settings, not those of the current folder, the user or the environment.

Matplotlib reads ``./matplotlibrc`` first: in a clone of another person's repository it would decide how a
figure looks, and whether LaTeX is run. A value of MPLBACKEND that it does not know ends its import.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_BACKEND = "MPLBACKEND"


def import_matplotlib() -> None:
    """Import it, if nobody has yet, while its own settings are those of the current folder."""
    found = find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    backend = os.environ.pop(_BACKEND, None)
    try:
        with _within(Path(found.origin).with_name("mpl-data")):
            import_module("matplotlib")
    finally:
        if backend is not None:
            os.environ[_BACKEND] = backend


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Stay in the folder for a moment. The way back is a descriptor, since the folder of before may have
    been removed.
    """
    before = os.open(".", os.O_DIRECTORY | os.O_PATH)
    try:
        os.chdir(folder)
        yield
    finally:
        os.fchdir(before)
        os.close(before)
