"""A public name belongs to one module, and no name is a metaphor."""

import ast
import re
from collections import defaultdict

from .source import PACKAGE, ROOT, expect_none, parsed, python_files

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
        if folder in VARIANTS or folder == "timeline/events":
            continue  # an event is named by what it reports
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                owners[node.name].append(str(path.relative_to(PACKAGE)))
    shared = (
        f"{name}: {' and '.join(where)}"
        for name, where in owners.items()
        if len(where) > 1 and not name.startswith("_") and name not in SAME_THING
    )
    expect_none(shared, "a public name has one owner (or is in SAME_THING, with the reason)")
    assert all(len(owners[name]) > 1 for name in SAME_THING)


UNWANTED = re.compile(
    r"(?:^|_)(hears?|heard|says?|said|tells?|told|telling|heeds?|keeper|callee|sight|pulse|tape|acts?|stages?|"
    r"scenes?|rehearsals?|production|perform|performs|linger(?!_(?:rst|s)$))(?:_|$)"
)
"""Words of the theatre and of the household; ``linger`` means SO_LINGER."""
OF_A_REPORT = {"witnesses_tell"}
"""Fields of a format that is in use."""


def test_no_name_is_taken_from_the_theatre_or_the_household() -> None:
    found = (
        f"{path.relative_to(ROOT)}: {name} ({word})"
        for path in python_files(PACKAGE)
        for node in ast.walk(parsed(path))
        for name in _defined(node)
        if name not in OF_A_REPORT and (word := unwanted(name))
    )
    expect_none(
        found, "a name, of a local or a field, too, has a word of UNWANTED (tests/pure/test_tidy_names.py)"
    )
    assert (unwanted("_told"), unwanted("ToldTwice"), unwanted("_heard_s")) == ("told", "told", "heard")
    assert not unwanted("toldstoy")


def unwanted(name: str) -> str:
    """The word in a name that is not to be there; empty where there is none."""
    found = UNWANTED.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    return found[1] if found else ""


def _defined(node: ast.AST) -> list[str]:
    match node:
        case ast.ClassDef():
            return [node.name]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            arguments = node.args
            return [node.name, *(one.arg for one in (*arguments.args, *arguments.kwonlyargs))]
        case ast.Name(ctx=ast.Store()):
            return [node.id]
        case ast.Attribute(ctx=ast.Store()):
            return [node.attr]
        case _:
            return []
