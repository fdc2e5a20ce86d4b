"""What each field of a struct means: the docstring below it in the source, which Python does not keep."""

import ast
import inspect
import textwrap
import typing
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import fields


def field_descriptions(struct: type[Struct]) -> dict[str, str]:
    """The docstring of each field that has one, by the field's encoded name, on one line.

    A field that a struct redefines takes the description of its nearest ancestor if it has none of its own.
    """
    found: dict[str, str] = {}
    for ancestor in reversed(struct.__mro__):
        if issubclass(ancestor, Struct) and ancestor is not Struct:
            found |= dict(_below_fields(ancestor))
    return {one.encode_name: found[one.name] for one in fields(struct) if one.name in found}


def structs_below(struct: type[Struct]) -> set[type[Struct]]:
    """The struct itself, and every struct that its fields are made of."""
    found: set[type[Struct]] = set()
    waiting: list[Any] = [struct]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, Struct):
            if one not in found:
                found.add(one)
                waiting += typing.get_type_hints(one).values()
        else:
            waiting += typing.get_args(one)
    return found


def _below_fields(struct: type[Struct]) -> Iterator[tuple[str, str]]:
    body = ast.parse(textwrap.dedent(inspect.getsource(struct))).body[0]
    assert isinstance(body, ast.ClassDef)
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                yield name, " ".join(text.split())
