"""Makes the picture and the table of the rooms in docs/architecture.md from the imports."""

import ast

from tests.pure.source import MODULES, PACKAGE, imports_of


def rooms() -> dict[str, set[str]]:
    """Each folder of the package, and the folders that it imports from."""
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    found: dict[str, set[str]] = {name: set() for name in folders}
    for module in MODULES:
        here = module.split(".")[1:2]
        for imported in imports_of(module):
            there = imported.split(".")[1:2]
            if here and there and here != there and here[0] in found and there[0] in found:
                found[here[0]].add(there[0])
    return found


def generated() -> str:
    """The diagram (an arrow: imports; those that follow from others are left out) and the table."""
    graph = rooms()
    lines = ["```mermaid", "graph TD"]
    for room in sorted(graph):
        direct = graph[room] - {far for near in graph[room] for far in _below(graph, near)}
        lines += [f"    {room} --> {near}" for near in sorted(direct)]
    lines += ["```", "", "| room | what is in it |", "|---|---|"]
    for room in sorted(graph, key=lambda one: (len(_below(graph, one)), one)):
        tree = ast.parse((PACKAGE / room / "__init__.py").read_text())
        summary = " ".join((ast.get_docstring(tree) or "").partition("\n\n")[0].split())
        lines.append(f"| `{room}/` | {summary} |")
    return "\n".join(lines) + "\n"


def _below(graph: dict[str, set[str]], room: str) -> set[str]:
    """All that it imports, at whatever remove."""
    below: set[str] = set()
    new = graph[room]
    while new:
        below |= new
        new = {far for near in new for far in graph[near]} - below
    return below
