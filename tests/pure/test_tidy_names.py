"""Names: each has one owner."""

import ast
from collections import defaultdict

from .source import PACKAGE, python_files

VARIANTS = (
    "clients",
    "fleet/parked",
    "probing/stalls",
    "server/policies",
    "server/guards",
    "tour/lessons",
    "reports/formats",
)
"""A variant is named as its file is, in each family: `zero_window` is a client and a stall."""
SAME_THING = {
    "main": "the entry of a process",
    "probe": "a command, its function in the API, and what both call",
    "probe_blocking": "the API checks the options, and then calls the other",
    "run": "a command, and its function in the API",
    "watch": "a command, and its function in the API",
}


def test_a_public_name_has_one_owner() -> None:
    owners = defaultdict(list)
    for path in python_files(PACKAGE):
        folder = str(path.parent.relative_to(PACKAGE))
        if folder in VARIANTS or (folder, path.name) == ("timeline", "events.py"):
            continue  # an event is named by what it reports
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                owners[node.name].append(str(path.relative_to(PACKAGE)))
    shared = {
        name: where
        for name, where in owners.items()
        if len(where) > 1 and not name.startswith("_") and name not in SAME_THING
    }
    assert shared == {}
    assert all(len(owners[name]) > 1 for name in SAME_THING)
