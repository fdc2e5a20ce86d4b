"""What differs between recordings that are reported together: settings first, then what came of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from .found import Found

_NOT_SETTINGS = frozenset({"title", "description", "expectation", "profile"})


def differences(found: Sequence[Found]) -> list[str]:
    """A sentence for each setting and each outcome that is not the same in all."""
    names = _names(found)
    return [
        *_compare(names, [_settings(one) for one in found]),
        *_compare(names, [_came_to(one) for one in found]),
    ]


def _names(found: Sequence[Found]) -> list[str]:
    """One name for each, with a number where two are called the same."""
    names = [one.name for one in found]
    return [f"{name} ({place})" if names.count(name) > 1 else name for place, name in enumerate(names, 1)]


def _compare(names: Sequence[str], values: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for key in dict.fromkeys(key for one in values for key in one):
        each = [one.get(key, "absent") for one in values]
        if len(set(each)) > 1:
            yield f"{key}: " + ", ".join(
                f"{value} in {name}" for name, value in zip(names, each, strict=True)
            )


def _settings(found: Found) -> dict[str, str]:
    """Every key of the scenario, dotted as in ``--set``, and the machine."""
    if found.timeline is None or found.timeline.header is None:
        return {}
    header = found.timeline.header
    table = msgspec.to_builtins(header.scenario)
    settings = {key: value for key, value in _flat(table, "") if key not in _NOT_SETTINGS}
    settings |= {"kernel": header.kernel, "stallsim": header.stallsim}
    if header.probe is not None:
        settings = {"target": header.probe.url, "kernel": header.kernel, "stallsim": header.stallsim}
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
            yield key, str(value)


def _came_to(found: Found) -> dict[str, str]:
    """The outcome, and the first table's rows by their first cell."""
    account = found.account
    outcome = {"outcome": account.outcome}
    if account.tables:
        table = account.tables[0]
        for name, *cells in table.rows:
            for column, cell in zip(table.columns[1:], cells, strict=True):
                outcome[f"{name}, {column}"] = cell
    return outcome
