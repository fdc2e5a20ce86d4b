"""Lists the differences between recordings in one report: settings first, then outcomes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from .found import Found

_NOT_SETTINGS = frozenset({"title", "description", "expectation", "profile", "expect"})


def differences(found: Sequence[Found]) -> list[str]:
    """A sentence for each setting and each outcome in which the recordings differ."""
    names = _names(found)
    return [
        *_compare(names, [_settings(one) for one in found]),
        *_compare(names, _of_all([_came_to(one) for one in found])),
    ]


def _of_all(values: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The entries whose names all of the recordings have."""
    shared = set.intersection(*(set(one) for one in values))
    return [{key: value for key, value in one.items() if key in shared} for one in values]


def _names(found: Sequence[Found]) -> list[str]:
    """One name for each recording, with a number if two names are equal."""
    names = [one.name for one in found]
    return [f"{name} ({place})" if names.count(name) > 1 else name for place, name in enumerate(names, 1)]


def _compare(names: Sequence[str], values: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The differences in keys that all recordings have; a group of keys that some lack gives one
    sentence.
    """
    lacking: set[tuple[str, ...]] = set()
    for key in dict.fromkeys(key for one in values for key in one):
        group = key.rpartition(".")[0]
        has = [any(other.rpartition(".")[0] == group for other in one) for one in values]
        each = [one.get(key, "not set") for one in values]
        if not all(has):
            client = ".".join(key.split(".")[:2])
            there = tuple(name for name, there in zip(names, has, strict=True) if there)
            if (client, *there) not in lacking:
                lacking.add((client, *there))
                yield f"{client}: only in {' and '.join(there)}"
        elif len(set(each)) > 1:
            each_named = (f"{value} in {name}" for name, value in zip(names, each, strict=True))
            yield f"{key}: {', '.join(each_named)}"


def _settings(found: Found) -> dict[str, str]:
    """Every key of the scenario, dotted as in ``--set``, and the versions."""
    if found.timeline is None or found.timeline.header is None:
        return {}
    header = found.timeline.header
    table = msgspec.to_builtins(header.scenario)
    settings = dict(_flat({key: value for key, value in table.items() if key not in _NOT_SETTINGS}, ""))
    settings |= {"kernel": header.kernel, "stallsim": header.stallsim}
    if header.probe is not None:
        settings = {"target": header.probe.url, "kernel": header.kernel, "stallsim": header.stallsim}
    if header.fleet is not None:
        asked = msgspec.to_builtins(header.fleet)
        settings = {"kernel": header.kernel, "stallsim": header.stallsim} | dict(_flat(asked, ""))
    return settings


def _flat(value: Any, key: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _flat(inner, f"{key}.{name}" if key else str(name))
        case list():
            for place, inner in enumerate(value):
                name = inner.get("name", place) if isinstance(inner, dict) else place
                yield from _flat(inner, f"{key}.{name}")
        case _:
            yield key, "not set" if value is None else str(value)


def _came_to(found: Found) -> dict[str, str]:
    """The outcome, and the cells of the first table by row and column."""
    account = found.account
    outcome = {"outcome": account.outcome}
    if account.tables:
        table = account.tables[0]
        for name, *cells in table.rows:
            for column, cell in zip(table.columns[1:], cells, strict=True):
                outcome[f"{name}, {column}"] = cell
    return outcome
