"""msgspec's conversion, with errors that a person can act on: which key, what is wrong, what may be."""

import re
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from .errors import suggest
from .units import Rate, Seconds, Size, parse_rate, parse_seconds, parse_size

S = TypeVar("S", bound=Struct)
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")


class Invalid(Exception):
    """A value that does not fit: ``key`` is its dotted path, ``problem`` one line."""

    def __init__(self, key: str, problem: str) -> None:
        self.key, self.problem = key, problem
        super().__init__(f"{key}: {problem}")


def convert(table: Mapping[str, object], struct: type[S], at: str = "") -> S:
    """A frozen struct from a table of TOML values. Raises Invalid; ``at`` is the table's own path."""
    _check_keys(table, struct, at)
    try:
        return msgspec.convert(table, struct, dec_hook=decode_unit)
    except msgspec.ValidationError as error:
        text = str(error)
        match = _PATH.search(text)
        path = re.sub(r"\[(\d+|\.\.\.)\]", r".\1", match["path"] if match else "").strip(".")
        problem = text[: match.start()] if match else text
        raise Invalid(_join(at, path), _explain(problem, struct, path)) from None


def decode_unit(kind: type, value: object) -> object:
    """Msgspec's hook for the types of ``units``. Raises ValueError with what is allowed."""
    if issubclass(kind, Size):
        return parse_size(value, kind)
    if issubclass(kind, Seconds):
        return parse_seconds(value)
    if issubclass(kind, Rate):
        return parse_rate(value)
    raise NotImplementedError(kind)


def keys_of(struct: type[Struct]) -> list[str]:
    """The keys that a table of this kind may have, as they are written in TOML."""
    return list(struct.__struct_encode_fields__)


def _check_keys(table: Mapping[str, object], struct: type[Struct], at: str) -> None:
    for key, value in table.items():
        if key not in keys_of(struct):
            raise Invalid(_join(at, key), f"unknown key{suggest(key, keys_of(struct))}")
        inner = _struct_in(_annotation(struct, key))
        tables = value if isinstance(value, list) else [value]
        for index, each in enumerate(tables):
            if inner is not None and isinstance(each, dict):
                place = _join(at, key, str(index) if isinstance(value, list) else "")
                _check_keys(each, inner, place)


def _explain(problem: str, struct: type[Struct], path: str) -> str:
    """Msgspec's words where they are plain, ours where they would be its own jargon."""
    if missing := re.fullmatch(r"Object missing required field `(.+)`", problem):
        return f"the key {missing[1]!r} is required and absent"
    annotation: Any = struct
    for part in path.split(".") if path else []:
        if not part.isdigit() and part != "...":
            annotation = _annotation(_struct_in(annotation) or struct, part)
    for option in _flatten(annotation):
        if isinstance(option, type) and issubclass(option, Enum) and "enum" in problem:
            allowed = [str(member.value) for member in option]
            return f"{problem[0].lower()}{problem[1:]}{suggest('', allowed)}"
    if "regex" in problem:
        return "expected letters, digits, '-' and '_', at most 32 characters"
    return problem[0].lower() + problem[1:].replace("`", "")


def _annotation(struct: type[Struct], key: str) -> Any:
    field = struct.__struct_fields__[keys_of(struct).index(key)]
    return typing.get_type_hints(struct)[field]


def _struct_in(annotation: Any) -> type[Struct] | None:
    for option in _flatten(annotation):
        if isinstance(option, type) and issubclass(option, Struct):
            return option
    return None


def _flatten(annotation: Any) -> list[Any]:
    """The annotation and everything inside its unions, lists and dicts."""
    inner = (
        typing.get_args(annotation)
        if not isinstance(annotation, types.GenericAlias)
        else annotation.__args__
    )
    return [annotation, *(one for each in inner for one in _flatten(each))]


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)
