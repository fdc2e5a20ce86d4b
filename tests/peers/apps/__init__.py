"""Applications that we did not write, one file each: how to install, start and join it, and what is known.

``python -m tests.peers.apps --help``; what is installed goes into a folder of its own, never into this one.
"""

import importlib
import pkgutil

from .app import App


def load_apps() -> tuple[App, ...]:
    """Every module of this folder that has an ``APP``, by name."""
    names = [one.name for one in pkgutil.iter_modules(__path__) if not one.name.startswith("_")]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.APP for module in modules if hasattr(module, "APP"))
