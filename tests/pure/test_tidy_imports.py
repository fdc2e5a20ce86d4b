"""A module imports only modules below it, and families do not import each other."""

import graphlib

from .source import MODULES, expect_none, imports_of

LAYERS = [
    "errors refused_call signals streams json_text version bounded_file output_file progress_bar",
    "units named_options measured theil_sen family described linux stamp certificate tls content kinds",
    "interruption stream_protocol option_values",
    "helper children metrics",
    "profile",
    "timeline",
    "phases verdict",
    "kernel websocket",
    "clients server views",
    "runner",
    "probing",
    "watching fleet",
    "matrix",
    "result_file reports packets comparing",
    "testing api",
    "tour",
    "cli pytest_plugin",
    "__main__",
]
"""Lowest first. The package itself, which holds the version, is below all."""
BLIND = {"clients", "server", "views"}
ROW = {room: row for row, rooms in enumerate(LAYERS) for room in rooms.split()}


def room(module: str) -> str:
    """The first word below the package: ``views`` for ``stallsim.views.words``."""
    return module.split(".")[1]


def allowed(module: str, imported: str) -> bool:
    if imported == "stallsim":
        return True
    here, there = room(module), room(imported)
    if here in BLIND and there in BLIND:
        return here == there
    return ROW[there] <= ROW[here]


INNER = sorted(set(MODULES) - {"stallsim"})


def test_every_room_has_its_place() -> None:
    assert {room(module) for module in INNER} - ROW.keys() == set(), "a new room needs its row in LAYERS"


def test_every_module_imports_what_is_below_it() -> None:
    upward = {
        f"{module} imports {imported}"
        for module in INNER
        for imported in imports_of(module)
        if not allowed(module, imported)
    }
    expect_none(
        upward, "a module imports only what is in its own row of LAYERS or below it; families are blind"
    )


def test_no_module_imports_itself_by_way_of_others() -> None:
    """The package itself names modules above it, and imports them when they are asked for (test_api)."""
    graph = {module: set(imports_of(module)) - {module} for module in INNER}
    assert set(graphlib.TopologicalSorter(graph).static_order()) >= set(INNER)


def test_imports_are_seen() -> None:
    assert "stallsim.errors" in set(imports_of("stallsim.units")) | set(imports_of("stallsim.family"))
    assert "stallsim.runner.preflight" in set(imports_of("stallsim.runner.execute"))
    assert "stallsim.version" in set(imports_of("stallsim.cli._app"))
    assert not allowed("stallsim.clients.well_behaved", "stallsim.server.session")
    assert not allowed("stallsim.phases", "stallsim.runner.observer")
