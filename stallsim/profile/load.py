"""Loads a profile: TOML text and ``--set`` overrides become a frozen scenario.

Every error names the file (or the ``--set``), the key, what was wrong and what is allowed.
"""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from ..errors import ProfileError, UnknownVariant, suggest
from ..kinds import EventKind, Phase
from .expectation import OF_THE_RUN, PER_CYCLE, Expectation
from .folder import folder, names
from .overrides import apply
from .scenario import ClientGroup, Scenario, ServerSpec
from .validation import Invalid, convert, keys_of, refuse_internal

_PROFILE_BYTES_MAX = 2**20
_SYSCTL = re.compile(r"net\.ipv4\.tcp_[a-z0-9_]+")
"""The settings that a private stack may change; others belong to the whole machine."""


class Origin(NamedTuple):
    """The sources of a scenario's keys, so that a later error can still name them."""

    source: str
    overrides: dict[str, str]
    """The dotted path of each key that a ``--set`` gave, and its text."""

    def error(self, key: str, problem: str) -> ProfileError:
        """The error for a key, which names the file or the ``--set`` that gave the key."""
        for path, text in self.overrides.items():
            if key == path or key.startswith(f"{path}.") or path.startswith(f"{key}."):
                return ProfileError(f"`overrides=` {text}", key, problem)
        return ProfileError(self.source, key, problem)


class Loaded(NamedTuple):
    """A scenario and the sources of its keys."""

    scenario: Scenario
    origin: Origin


def load_profile(name: str, overrides: Sequence[str] = ()) -> Loaded:
    """The profile with that name, or the TOML file at that path, with ``KEY=VALUE`` overrides.

    Raises ProfileError, or UnknownVariant if there is neither such a profile nor such a file.
    """
    path, known = Path(name), names()
    if name in known:
        path = folder() / f"{name}.toml"
    elif not names_a_file(name):
        raise UnknownVariant("profile", name, known)
    source = name if name in known else str(path)
    table = read_toml(path, source)
    given: dict[str, str] = {}
    for override in overrides:
        given[apply(table, override)] = override
    origin = Origin(source, given)
    try:
        scenario = convert(_sort_options(table, path.stem), Scenario)
    except Invalid as invalid:
        raise origin.error(invalid.key, invalid.problem) from None
    _check(scenario, origin)
    return Loaded(replace(scenario, overridden=tuple(given)), origin)


def names_a_file(name: str) -> bool:
    """Whether the text is the path of a file, or can only mean a path."""
    return name.endswith(".toml") or "/" in name or os.path.isfile(name)  # noqa: PTH113 - of any length


def read_toml(path: Path, source: str) -> dict[str, Any]:
    """Read a TOML file's tables. Raises ProfileError, in which the file is called ``source``."""
    try:
        if not path.is_file() and path.exists():
            raise ProfileError(source, "", "not a regular file; expected a TOML file")
        with path.open("rb") as file:
            text = file.read(_PROFILE_BYTES_MAX + 1)
        if len(text) > _PROFILE_BYTES_MAX:
            raise ProfileError(source, "", "larger than 1 MiB; expected a TOML file of at most 1 MiB")
        return tomllib.loads(text.decode())
    except OSError as error:
        raise ProfileError(source, "", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProfileError(source, "", "not UTF-8 text; expected a TOML file") from None
    except (ValueError, RecursionError) as error:
        raise ProfileError(source, "", f"not valid TOML: {error}") from None


def _sort_options(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Separate the common keys of clients and servers from the variants' own options, which stay
    unresolved.

    Raises Invalid for a key that is filled in here and must not be given.
    """
    refuse_internal(table, Scenario, "")
    table = {"profile": name, **table}
    server = table.get("server")
    if isinstance(server, dict):
        refuse_internal(server, ServerSpec, "server")
        own = {key: value for key, value in server.items() if _is_options(key, value)}
        table["server"] = {key: value for key, value in server.items() if key not in own}
        table["server"]["options"] = own
    clients = table.get("clients")
    if isinstance(clients, list):
        table["clients"] = [
            _sort_client(each, f"clients.{index}") if isinstance(each, dict) else each
            for index, each in enumerate(clients)
        ]
    return table


def _is_options(key: str, value: object) -> bool:
    return isinstance(value, dict) and key not in keys_of(ServerSpec)


def _sort_client(group: Mapping[str, Any], at: str) -> dict[str, Any]:
    refuse_internal(group, ClientGroup, at)
    common = set(keys_of(ClientGroup))
    sorted_ = {key: value for key, value in group.items() if key in common}
    if isinstance(group.get("kind"), str):
        sorted_.setdefault("name", group["kind"])
    sorted_["options"] = {key: value for key, value in group.items() if key not in common}
    return sorted_


def _check(scenario: Scenario, origin: Origin) -> None:
    """Check conditions that involve several keys."""
    if not scenario.clients:
        raise origin.error("clients", "expected at least one [[clients]] table")
    seen: dict[str, int] = {}
    for index, group in enumerate(scenario.clients):
        if group.name in seen:
            taken = (
                f"{group.name!r} is the name of clients.{seen[group.name]}, too; give each group its own"
            )
            raise origin.error(f"clients.{index}.name", taken)
        seen[group.name] = index
    if scenario.stack.sysctl and scenario.stack.private is False:
        raise origin.error(
            "stack.private", "false, but stack.sysctl needs a private stack; leave out one of the two"
        )
    for key in scenario.stack.sysctl:
        if not _SYSCTL.fullmatch(key):
            allowed = "allowed are the settings of a private stack, net.ipv4.tcp_*"
            raise origin.error("stack.sysctl", f"{key!r} cannot be set; {allowed}")
    for index, expectation in enumerate(scenario.expect):
        at = f"expect.{index}"
        _check_expectation(expectation, at, seen, origin)
        if expectation.metric in PER_CYCLE and scenario.cycle is None:
            needed = "needs the top-level key 'cycle', the ticks after which the load repeats"
            raise origin.error(f"{at}.metric", f"{expectation.metric.value} {needed}")


def _check_expectation(
    expectation: Expectation, at: str, clients: Mapping[str, int], origin: Origin
) -> None:
    if expectation.client is not None and expectation.client not in clients:
        problem = f"unknown client group {expectation.client!r}{suggest(expectation.client, clients)}"
        raise origin.error(f"{at}.client", problem)
    known = [member.value for member in (*Phase, *EventKind)]
    for key, names_ in (("phases", expectation.phases), ("never", expectation.never)):
        for name in names_:
            if name not in known:
                raise origin.error(f"{at}.{key}", f"unknown phase {name!r}{suggest(name, known)}")
    low, high, exact = expectation.min, expectation.max, expectation.equals
    bounded = any(bound is not None for bound in (low, high, exact))
    if bounded and expectation.metric is None:
        raise origin.error(at, "min, max and equals need a metric")
    if expectation.metric is not None and not bounded:
        raise origin.error(f"{at}.metric", "expected min, max or equals beside it")
    if expectation.metric in OF_THE_RUN and expectation.client is not None:
        problem = f"{expectation.metric.value} is a metric of the whole run; leave out client"
        raise origin.error(f"{at}.client", problem)
    if low is not None and high is not None and low > high:
        raise origin.error(f"{at}.min", f"{low} is more than max, {high}")
    if not (bounded or expectation.phases or expectation.never):
        raise origin.error(at, "has no condition; expected phases, never, or a metric")
