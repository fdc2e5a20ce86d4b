"""Scales settings down: a time of minutes takes a second in a cell.

Scaling goes by the option's name, whatever policy or guard has it, so a new variant is scaled like the
others. An option with another name keeps its default.
"""

from typing import Any

import msgspec
from msgspec import Struct

from ..profile.validation import keys_of, parser_of

_SECONDS = {"after": 1, "timeout": 1, "interval": 1, "idle": 1}
_COUNTS = {"count": 2, "limit-bytes": 256 * 1024}


class Scaling(Struct, frozen=True):
    """One setting: its default, and its value in a cell."""

    variant: str
    option: str
    default: int | float
    cell: int | float
    unit: str = ""
    """``s``, unless the option's name contains the unit."""


def options(spec: type[Struct]) -> dict[str, Any]:
    """The scaled options of one variant, as a profile would give them."""
    made: dict[str, Any] = {}
    for key in keys_of(spec):
        if key in _SECONDS:
            made[key] = f"{_SECONDS[key]}s" if parser_of(spec, key) else _SECONDS[key]
        elif key in _COUNTS:
            made[key] = _COUNTS[key]
    return made


def scalings(name: str, spec: type[Struct]) -> list[Scaling]:
    """The options of a variant whose values in a cell differ from their defaults."""
    values = _SECONDS | _COUNTS
    defaults = {one.encode_name: one.default for one in msgspec.structs.fields(spec)}
    return [
        Scaling(name, key, defaults[key], values[key], "s" if key in _SECONDS else "")
        for key in options(spec)
        if defaults[key] != values[key]
    ]
