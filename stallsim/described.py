"""Reads the descriptions of a struct's fields and an enum's members: the docstrings below them in the
source.
"""

import ast
import inspect
import textwrap
import typing
from collections.abc import Iterator
from enum import Enum
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
            found |= dict(_below_names(ancestor))
    return {one.encode_name: found[one.name] for one in fields(struct) if one.name in found}


def member_descriptions(enum: type[Enum]) -> dict[Enum, str]:
    """The docstring of each member of an enum that has one, on one line."""
    found = dict(_below_names(enum))
    return {member: found[member.name] for member in enum if member.name in found}


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


def _below_names(described: type) -> Iterator[tuple[str, str]]:
    """Each name that the class body gives a type or a value, with the docstring below it."""
    body = ast.parse(textwrap.dedent(inspect.getsource(described))).body[0]
    assert isinstance(body, ast.ClassDef)
    for statement, below in zip(body.body, body.body[1:], strict=False):
        match statement, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                yield name, " ".join(text.split())
