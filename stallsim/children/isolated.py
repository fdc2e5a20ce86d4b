"""How one of our own modules is started as a process: isolated from the folder in which it happens.

``python -m`` puts the current folder first in ``sys.path``: a ``queue.py`` there would be imported in place
of the standard library's. Isolated mode (``-I``) does without that folder and without PYTHONPATH.
"""

import os
import sys
from pathlib import Path

_START = Path(__file__).with_name("_start.py")
_LIBRARIES = ("stallsim", "msgspec", "trio", "wsproto", "psutil")


def isolated_python() -> list[str]:
    """Python in isolated mode; it ignores PYTHONDONTWRITEBYTECODE, which is told to it by an option."""
    return [sys.executable, "-I", *(["-B"] if sys.dont_write_bytecode else [])]


def python_words(module: str, *arguments: str) -> list[str]:
    """The command that runs ``module`` as ``__main__``. It ends by SIGTERM when this thread does.

    Libraries are found where this process has found them: in isolated mode, folders that only PYTHONPATH
    or the user's own site-packages name would be missing.
    """
    found = dict.fromkeys(_folder(name) for name in _LIBRARIES if name in sys.modules)
    folders = os.pathsep.join(folder for folder in found if folder)
    return [*isolated_python(), str(_START), module, str(os.getpid()), folders, *arguments]


def _folder(package: str) -> str:
    file = getattr(sys.modules[package], "__file__", None)
    return str(Path(file).parents[1]) if file else ""
