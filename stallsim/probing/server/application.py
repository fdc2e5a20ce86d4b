"""Runs a user's callable or ASGI application in a process of its own, so that its memory can be measured.

``python -m stallsim.probing.server.application JSON``, with the port in PORT. A callable is called with
the port; an application runs under uvicorn.
"""

import asyncio
import importlib
import importlib.util
import inspect
import operator
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from msgspec import Struct

HOST = "127.0.0.1"


class Application(Struct, frozen=True, kw_only=True):
    """What to run, given by name, since an object cannot be passed to another process."""

    module: str
    file: str | None
    """The file that the module was loaded from; None: the module is found by its name."""
    name: str
    asgi: bool
    path: tuple[str, ...]
    """The value of ``sys.path`` in the requesting process."""


def main() -> None:
    """Serve until ended."""
    application = msgspec.json.decode(sys.argv[1], type=Application)
    sys.path[:] = application.path
    served: Any = operator.attrgetter(application.name)(_load(application))
    port = int(os.environ["PORT"])
    if application.asgi:
        importlib.import_module("uvicorn").run(served, host=HOST, port=port, log_level="warning")
        return
    running = served(port)
    if inspect.iscoroutine(running):
        asyncio.run(running)


def _load(application: Application) -> ModuleType:
    """Import the module by its name, or from its file if the name leads to another module or none."""
    if application.file is None or _is_found(application.module, application.file):
        return importlib.import_module(application.module)
    spec = importlib.util.spec_from_file_location(application.module, application.file)
    if spec is None or spec.loader is None:
        raise ImportError(f"no module can be loaded from {application.file}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[application.module] = module
    spec.loader.exec_module(module)
    return module


def _is_found(name: str, file: str) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin is not None and Path(spec.origin).samefile(file)


if __name__ == "__main__":
    main()
