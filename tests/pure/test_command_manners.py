"""What every command line offers: help with examples that can be parsed, and completion."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from stallsim.cli._app import app
from stallsim.cli._names import CLIENTS, GUARDS, POLICIES, completes, completes_list, profiles
from stallsim.clients import CLIENTS as CLIENT_FAMILY
from stallsim.server.guards import GUARDS as GUARD_FAMILY
from stallsim.server.policies import POLICIES as POLICY_FAMILY

from .command_line import CommandLine
from .source import ROOT

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
_MADE = {"reference", "_build"}
PAGES = [
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if not _MADE & set(page.parts)),
]
_IN_TEXT = re.compile(
    r"^(?:    |\$ |- )?(?:[A-Z_]+=\S+ )?(?:\S*/)?stallsim ([a-z]+(?: .*)?)$", re.MULTILINE
)


def parses(words: list[str]) -> None:
    """Raises what the command line would say of words that it does not understand."""
    name, *rest = words
    COMMANDS[name].make_context(name, rest, resilient_parsing=False)


def examples() -> list[str]:
    made = [line.strip() for one in COMMANDS.values() for line in (one.epilog or "").splitlines()]
    return [line for line in made if line.startswith("stallsim ")]


@pytest.mark.parametrize("line", examples())
def test_an_example_of_the_help_parses(line: str) -> None:
    parses(shlex.split(line)[1:])


def commands_of(text: str) -> list[str]:
    joined = text.replace("\\\n", " ")
    found = (re.split(r" [|>&]|  +#", one)[0].strip() for one in _IN_TEXT.findall(joined))
    return [one for one in found if one.split()[0] in COMMANDS and "PROFILE" not in one]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_documentation_parses(page: Path) -> None:
    for line in commands_of(page.read_text()):
        parses(shlex.split(line, comments=True))


def test_the_commands_of_the_documentation_are_found() -> None:
    assert len([line for page in PAGES for line in commands_of(page.read_text())]) > 30


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_examples_and_answers_to_h(name: str, command_line: CommandLine) -> None:
    short, long = command_line(name, "-h"), command_line(name, "--help")
    assert short == long
    assert f"Examples:\n    stallsim {name}" in long.out


def test_the_names_of_the_help_are_those_of_the_families() -> None:
    assert CLIENT_FAMILY.names() == CLIENTS
    assert POLICY_FAMILY.names() == POLICIES
    assert GUARD_FAMILY.names() == GUARDS


def test_names_are_completed() -> None:
    assert completes(profiles)("sleeping-tab-") == ["sleeping-tab-deflate", "sleeping-tab-tls"]
    assert completes(POLICIES)("drop") == ["drop-newest", "drop-oldest"]
    assert completes_list(["growth", "grows"])("x,gr") == ["x,growth", "x,grows"]
