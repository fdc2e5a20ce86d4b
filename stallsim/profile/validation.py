"""Converts values by msgspec, with errors that users can act on: the key, the fault, the allowed values."""

import re
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from ..errors import suggest

S = TypeVar("S", bound=Struct)
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")


class Invalid(Exception):
    """A value that does not fit: ``key`` is its dotted path, ``problem`` one line."""

    def __init__(self, key: str, problem: str) -> None:
        self.key, self.problem = key, problem
        super().__init__(f"{key}: {problem}")


def convert(table: Mapping[str, object], struct: type[S], at: str = "") -> S:
    """A frozen struct from a table of TOML values. Raises Invalid; ``at`` is the table's own path."""
    prepared = _prepare(table, struct, at)
    try:
        return msgspec.convert(prepared, struct)
    except msgspec.ValidationError as error:
        text = str(error)
        match = _PATH.search(text)
        path = re.sub(r"\[(\d+|\.\.\.)\]", r".\1", match["path"] if match else "").strip(".")
        problem = text[: match.start()] if match else text
        raise Invalid(_join(at, path), _explain(problem, struct, path)) from None


def keys_of(struct: type[Struct]) -> list[str]:
    """The keys that a table of this kind may have, as they are written in TOML."""
    internal: frozenset[str] = getattr(struct, "internal", frozenset())
    return [key for key in struct.__struct_encode_fields__ if key not in internal]


def refuse_internal(table: Mapping[str, object], struct: type[Struct], at: str) -> None:
    """Raises Invalid for a key that only this program may set; to a user it is as unknown as any other."""
    for key in table:
        if key in struct.__struct_encode_fields__ and key not in keys_of(struct):
            raise Invalid(_join(at, _key(key)), f"unknown key{suggest(key, keys_of(struct))}")


def parser_of(struct: type[Struct], key: str) -> Callable[[object], object] | None:
    """The parser of that key's text (``units``); None if the key has a plain TOML value."""
    for part in _flatten(_annotation(struct, key)):
        if isinstance(part, Meta) and part.extra:
            parse: Callable[[object], object] = part.extra["parse"]
            return parse
    return None


def _prepare(table: Mapping[str, object], struct: type[Struct], at: str) -> dict[str, object]:
    """The table with sizes and durations parsed. Raises Invalid for these and for unknown keys."""
    prepared: dict[str, object] = {}
    for key, value in table.items():
        if key not in struct.__struct_encode_fields__:
            raise Invalid(_join(at, _key(key)), f"unknown key{suggest(key, keys_of(struct))}")
        inner, parse = _struct_in(_annotation(struct, key)), parser_of(struct, key)
        place = _join(at, key)
        if typing.get_origin(_annotation(struct, key)) is list and isinstance(value, dict):
            raise Invalid(place, f"expected an array of tables: write [[{key}]], not [{key}]")
        if inner is not None and isinstance(value, dict) and _is_dict(_annotation(struct, key)):
            prepared[key] = {
                name: _prepare(each, inner, _join(place, name)) if isinstance(each, dict) else each
                for name, each in value.items()
            }
        elif inner is not None and isinstance(value, dict):
            prepared[key] = _prepare(value, inner, place)
        elif inner is not None and isinstance(value, list):
            prepared[key] = [
                _prepare(each, inner, f"{place}.{index}") if isinstance(each, dict) else each
                for index, each in enumerate(value)
            ]
        elif parse is not None:
            try:
                prepared[key] = parse(value)
            except ValueError as error:
                raise Invalid(place, str(error)) from None
        else:
            prepared[key] = value
    return prepared


def _explain(problem: str, struct: type[Struct], path: str) -> str:
    """The problem in msgspec's words if they are plain, else in words without msgspec's terms."""
    if missing := re.fullmatch(r"Object missing required field `(.+)`", problem):
        return f"the key {missing[1]!r} is required and absent"
    annotation: Any = struct
    for part in path.split(".") if path else []:
        if not part.isdigit() and part != "...":
            annotation = _annotation(_struct_in(annotation) or struct, part)
    for option in _flatten(annotation):
        if isinstance(option, type) and issubclass(option, Enum) and "enum" in problem:
            wrong = problem.removeprefix("Invalid enum value ").strip("'")
            return f"unknown value {wrong!r}{suggest(wrong, [str(one.value) for one in option])}"
    if "regex" in problem:
        return "expected letters, digits, '-' and '_', at most 32 characters"
    if bound := re.fullmatch(r"Expected `\w+` (<=|>=) (-?\d+)", problem):
        return f"expected {'at most' if bound[1] == '<=' else 'at least'} {int(bound[2]):,}"
    return problem[0].lower() + problem[1:].replace("`", "").replace(" | null", "")


def _annotation(struct: type[Struct], key: str) -> Any:
    field = struct.__struct_fields__[struct.__struct_encode_fields__.index(key)]
    return _annotations(struct)[field]


@cache
def _annotations(struct: type[Struct]) -> dict[str, Any]:
    """The annotations of a struct, evaluated once, since that took most of the time of
    checking a profile.
    """
    return typing.get_type_hints(struct, include_extras=True)


def _is_dict(annotation: Any) -> bool:
    return typing.get_origin(annotation) is dict


def _struct_in(annotation: Any) -> type[Struct] | None:
    for option in _flatten(annotation):
        if isinstance(option, type) and issubclass(option, Struct):
            return option
    return None


def _flatten(annotation: Any) -> list[Any]:
    """The annotation and everything inside it: unions, lists, ``Annotated``."""
    parts = [annotation]
    if typing.get_origin(annotation) is Annotated:
        parts += annotation.__metadata__
        parts += _flatten(annotation.__origin__)
    else:
        parts += [one for each in typing.get_args(annotation) for one in _flatten(each)]
    return parts


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _key(key: str) -> str:
    """The key as TOML writes it; an empty one needs quotes."""
    return key or '""'
