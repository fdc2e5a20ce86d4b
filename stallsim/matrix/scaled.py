"""Scaled-down settings: what takes minutes in execution takes a second in a cell.

By the option's name, whichever policy or guard has it, so a new variant is scaled like its kin; what is
not named here keeps its default.
"""

from typing import Any

import msgspec
from msgspec import Struct

from ..profile.validation import keys_of, parser_of

_SECONDS = {"after": 1, "timeout": 1, "interval": 1, "idle": 1}
_COUNTS = {"count": 2, "limit-bytes": 256 * 1024}


class Scaling(Struct, frozen=True):
    """One setting: what it is by default, and what it is in a cell."""

    variant: str
    option: str
    default: int | float
    cell: int | float
    unit: str = ""
    """``s``, where the option's name does not say it."""


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
    """What of a variant's options is not as by default."""
    values = _SECONDS | _COUNTS
    defaults = {one.encode_name: one.default for one in msgspec.structs.fields(spec)}
    return [
        Scaling(name, key, defaults[key], values[key], "s" if key in _SECONDS else "")
        for key in options(spec)
        if defaults[key] != values[key]
    ]
