"""The pages of the reference, written from the code: ``python docs/make_reference.py`` or ``make site``.

Nothing in these pages is written by hand, so none of it can be out of date; they are not in the repository.
"""

import inspect
import json
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import typer.main
from msgspec import Struct

from stallsim.cli._app import app
from stallsim.clients import CLIENTS
from stallsim.described import field_descriptions, member_descriptions, structs_below
from stallsim.errors import ExitCode
from stallsim.family import Family
from stallsim.fleet.parked import PARKED
from stallsim.fleet.profile import fleet_profile_schema
from stallsim.fleet.result import FleetResult
from stallsim.kinds import EventKind, Phase
from stallsim.matrix.report import Matrix
from stallsim.probing.protocols import PROTOCOLS
from stallsim.probing.speak import SPEAK
from stallsim.probing.stalls import KINDS
from stallsim.profile.folder import names
from stallsim.profile.load import load_profile
from stallsim.profile.schema import profile_schema
from stallsim.reports.formats import FORMATS
from stallsim.server.guards import GUARDS
from stallsim.server.policies import POLICIES
from stallsim.timeline.probed.outcomes import Confidence, Dropped, Finding, Outcome
from stallsim.timeline.probed.result import ProbeResult
from stallsim.timeline.records import Record
from stallsim.verdict.result import Result

PROFILE_SCHEMA = profile_schema(
    {name: CLIENTS.find(name) for name in CLIENTS.names()},
    {name: POLICIES.find(name) for name in POLICIES.names()},
    {name: GUARDS.find(name) for name in GUARDS.names()},
)


def write(docs: Path) -> None:
    """Write every page into ``docs/reference``, and the schema to where the site serves it from."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    pages = {
        "profiles": _profiles(),
        "variants": _variants(),
        "profile-keys": _profile_keys(),
        "outcomes": _enums("What a probe may find", (Outcome, Finding, Confidence, Dropped)),
        "phases-and-events": _enums("Phases and events", (Phase, EventKind)),
        "exit-codes": _enums("Exit codes", (ExitCode,)),
        "json": _structs("What `--json` prints", (Result, ProbeResult, Matrix, FleetResult)),
        "recording": _structs("What a recording holds", RECORDS),
        **{f"commands/{name}": _command(name, command) for name, command in commands.items()},
        "commands/index": _toctree("Commands", commands),
    }
    for name, lines in pages.items():
        _write(docs / "reference" / f"{name}.md", "\n".join(lines) + "\n")
    _write(docs / "_extra" / "profile.schema.json", json.dumps(PROFILE_SCHEMA, indent=2) + "\n")
    fleets = json.dumps(fleet_profile_schema(), indent=2)
    _write(docs / "_extra" / "fleet-profile.schema.json", fleets + "\n")


RECORDS: tuple[type[Struct], ...] = get_args(Record)


def _write(path: Path, text: str) -> None:
    """Only where it differs, so that the site's pages are built again only then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").replace("``", "`").split())


def _rows(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"
    yield ""


def _doc(described: object) -> str:
    return inspect.cleandoc(getattr(described, "__doc__", None) or "").replace("``", "`")


def _toctree(title: str, entries: Iterable[str]) -> Iterator[str]:
    yield from (f"# {title}", "", "```{toctree}", *sorted(entries), "```")


def _profiles() -> Iterator[str]:
    yield from (
        "# Profiles",
        "",
        "`stallsim run PROFILE` executes one; `stallsim show PROFILE` resolves it.",
        "",
    )
    for name in names():
        scenario = load_profile(name).scenario
        yield from (f"## `{name}`", "", f"*{scenario.title}*", "", scenario.description.strip(), "")
        yield from (f"**Expected:** {scenario.expectation.strip()}", "")


def _variants() -> Iterator[str]:
    yield from ("# Clients, policies, guards, stalls and formats", "")
    families: tuple[tuple[str, Family[Any]], ...] = (
        ("Clients", CLIENTS),
        ("Send policies", POLICIES),
        ("Guards", GUARDS),
        ("Stalls of a probe", KINDS),
        ("Protocols of a probe", PROTOCOLS),
        ("What a probe can speak over a WebSocket", SPEAK),
        ("Parked clients of a fleet", PARKED),
        ("Report formats", FORMATS),
    )
    for heading, family in families:
        yield from (f"## {heading}", "")
        for name in family.names():
            variant = family.find(name)
            yield from (f"### `{name}`", "", _doc(variant), "")
            options = field_descriptions(variant) if issubclass(variant, Struct) else {}
            if options:
                yield from _rows(
                    ("option", "meaning"), ((f"`{key}`", text) for key, text in options.items())
                )


def _profile_keys() -> Iterator[str]:
    yield from (
        "# Keys of a profile",
        "",
        'For editors: <a href="../profile.schema.json">the JSON Schema</a>.',
        "",
    )
    yield from _properties("The profile", PROFILE_SCHEMA)
    for name, definition in PROFILE_SCHEMA["$defs"].items():
        if "properties" in definition:
            yield from _properties(f"`{name}`", definition)


def _properties(title: str, schema: dict[str, Any]) -> Iterator[str]:
    yield from (f"## {title}", "", _cell(schema.get("description", "")), "")
    yield from _rows(
        ("key", "meaning", "default"),
        (
            (
                f"`{key}`",
                one.get("description", ""),
                f"`{json.dumps(one['default'])}`" if "default" in one else "",
            )
            for key, one in schema["properties"].items()
        ),
    )


def _enums(title: str, enums: tuple[type[Enum], ...]) -> Iterator[str]:
    yield from (f"# {title}", "")
    for enum in enums:
        meaning = member_descriptions(enum)
        yield from (f"## {enum.__name__}", "", _doc(enum), "")
        yield from _rows(
            ("value", "meaning"), ((f"`{member.value}`", meaning.get(member, "")) for member in enum)
        )


def _structs(title: str, roots: tuple[type[Struct], ...]) -> Iterator[str]:
    yield from (f"# {title}", "")
    below = set[type[Struct]]().union(*(structs_below(root) for root in roots)) - set(roots)
    for struct in (*roots, *sorted(below, key=lambda one: one.__name__)):
        meaning = field_descriptions(struct)
        keys = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
        yield from (f"## {struct.__name__}", "", _doc(struct), "")
        yield from _rows(("field", "meaning"), ((f"`{key}`", meaning.get(key, "")) for _, key in keys))


def _command(name: str, command: Any) -> Iterator[str]:
    yield from (f"# stallsim {name}", "", inspect.cleandoc(command.help or ""), "", "## Synopsis", "")
    words = [one.name.upper() for one in command.params if one.param_type_name == "argument"]
    yield from ("```", " ".join(["stallsim", name, "[OPTIONS]", *words]), "```", "", "## Options", "")
    for one in command.params:
        written = ", ".join(f"`{option}`" for option in (*one.opts, *one.secondary_opts))
        yield from (written, f": {_cell(getattr(one, 'help', None) or 'No description.')}", "")


if __name__ == "__main__":
    write(Path(__file__).parent)
