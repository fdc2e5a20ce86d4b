"""Every variant is one documented file that a profile uses, and every profile can be resolved."""

import importlib
import inspect
import tomllib
from pathlib import Path
from typing import Any

import pytest

from stallsim.cli import list as command_list
from stallsim.clients import CLIENTS
from stallsim.family import Family, summaries
from stallsim.fleet.parked import PARKED
from stallsim.probing.protocols import PROTOCOLS
from stallsim.probing.speak import SPEAK
from stallsim.probing.stalls import KINDS, Stall, find_stall
from stallsim.profile.folder import fleet_names, folder, names
from stallsim.profile.load import load_profile
from stallsim.reports.formats import FORMATS
from stallsim.runner.resolve import resolve_scenario
from stallsim.server.guards import GUARDS
from stallsim.server.policies import POLICIES
from stallsim.testing._contract import check_documented, check_frozen

from .source import expect_none

FAMILIES: list[Family[Any]] = [CLIENTS, POLICIES, GUARDS]
LISTED = [*FAMILIES, KINDS, PROTOCOLS, SPEAK, PARKED, FORMATS]
VARIANTS = [(family, name) for family in FAMILIES for name in family.names()]


@pytest.mark.parametrize(("family", "name"), VARIANTS, ids=[name for _, name in VARIANTS])
def test_a_module_is_one_variant(family: Family[Any], name: str) -> None:
    module = importlib.import_module(f"{family.package}.{name.replace('-', '_')}")
    variants = [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__ and issubclass(kind, family.base)
    ]
    assert variants == [family.find(name)]
    variant = family.find(name)()
    check_frozen(variant)
    check_documented(variant)
    assert family.summary(name)


@pytest.mark.parametrize("family", LISTED, ids=lambda it: it.what)
def test_the_list_says_of_each_what_its_docstring_says(family: Family[Any]) -> None:
    (path,) = importlib.import_module(family.package).__path__
    shown = dict(summaries(Path(path)))
    assert shown == {name: family.summary(name) for name in family.names()}
    cut = (f"{name}: {words}" for name, words in shown.items() if not words.endswith("."))
    expect_none(cut, "the first line of a class's docstring is a sentence, all of it")


def test_the_command_lists_every_family() -> None:
    assert set(command_list.FAMILIES.values()) == {_folder(family) for family in LISTED}


def _folder(family: Family[Any]) -> str:
    return family.package.removeprefix("stallsim.").replace(".", "/")


@pytest.mark.parametrize("name", KINDS.names())
def test_a_stall_of_a_probe_is_a_file_and_says_what_its_client_does(name: str) -> None:
    stall = find_stall(name)
    assert (stall.name, type(stall)) == (name, KINDS.find(name))
    assert stall.does
    assert KINDS.summary(name)
    assert 0 <= stall.rate_share < 1
    if stall.healthy or stall.reads_all:
        assert stall.who != Stall.who, (
            f"{name} reads, and has no `who` of its own: a report would say that it {Stall.who!r}"
        )


@pytest.mark.parametrize("kind", CLIENTS.names())
def test_every_kind_of_client_has_a_profile(kind: str) -> None:
    used = {group.kind for name in names() for group in load_profile(name).scenario.clients}
    assert kind in used, f"no profile in profiles/ has a client of the kind {kind}"


@pytest.mark.parametrize("name", names())
def test_a_profile_resolves_and_tells_its_story(name: str) -> None:
    loaded = load_profile(name)
    assert resolve_scenario(loaded).clients
    scenario = loaded.scenario
    assert scenario.profile == name
    for words in (scenario.title, scenario.description, scenario.expectation):
        assert words.strip()
    assert scenario.expect, "a profile's expectation is also one that is checked"


def test_the_folder_of_profiles_holds_nothing_else() -> None:
    fleets = folder() / "fleet"
    for inside, known in ((set(folder().iterdir()) - {fleets}, names()), (fleets.iterdir(), fleet_names())):
        paths = list(inside)
        assert {path.suffix for path in paths} == {".toml"}
        assert len({tomllib.loads(path.read_text())["title"] for path in paths}) == len(known)
