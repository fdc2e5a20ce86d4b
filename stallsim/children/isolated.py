"""Starts a module of stallsim as a process that is isolated from the current folder.

``python -m`` puts the current folder first in ``sys.path``: a ``queue.py`` there would be imported instead
of the standard library's. Isolated mode (``-I``) uses neither that folder nor PYTHONPATH.
"""

import os
import sys
from pathlib import Path

_START = Path(__file__).with_name("_start.py")
_LIBRARIES = ("stallsim", "msgspec", "trio", "wsproto", "psutil")


def isolated_python() -> list[str]:
    """The command for Python in isolated mode. Since it ignores PYTHONDONTWRITEBYTECODE, an option
    replaces that.
    """
    return [sys.executable, "-I", *(["-B"] if sys.dont_write_bytecode else [])]


def python_words(module: str, *arguments: str) -> list[str]:
    """The command that runs ``module`` as ``__main__``. The process ends by SIGTERM when this thread ends.

    The process finds libraries where this process has found them, since isolated mode leaves out folders
    that only PYTHONPATH or the user's own site-packages name.
    """
    found = dict.fromkeys(_folder(name) for name in _LIBRARIES if name in sys.modules)
    folders = os.pathsep.join(folder for folder in found if folder)
    return [*isolated_python(), str(_START), module, str(os.getpid()), folders, *arguments]


def _folder(package: str) -> str:
    file = getattr(sys.modules[package], "__file__", None)
    return str(Path(file).parents[1]) if file else ""
