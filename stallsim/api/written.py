"""Sizes, times and overrides as a caller may write them: as text with a unit, or as numbers."""

import json
from collections.abc import Mapping, Sequence

from ..errors import StallsimError
from ..units import parse_rate, parse_seconds, parse_size

Amount = int | str
"""Bytes: ``65536`` or ``"64KiB"``."""
Time = float | str
"""Seconds: ``2.5`` or ``"2500ms"``."""
Override = str | bool | int | float | Sequence[str] | Sequence[int] | Sequence[float]
"""A profile's value: as with ``--set``, text needs no quotes and may have a unit."""


def to_bytes(name: str, value: Amount, least: int = 1) -> int:
    """Raises StallsimError, which names the option."""
    try:
        size = parse_size(value)
    except ValueError as error:
        raise StallsimError(f"{name}: {error}") from None
    if size < least:
        raise StallsimError(f"{name}: expected at least {least}, got {value!r}")
    return size


def to_bytes_per_s(name: str, value: Amount) -> int:
    """The same for a rate: ``4096`` or ``"4KiB/s"``."""
    try:
        return to_bytes(name, value) if isinstance(value, int) else parse_rate(value)
    except ValueError as error:
        raise StallsimError(f"{name}: {error}") from None


def to_seconds(name: str, value: Time) -> float:
    """Raises StallsimError, which names the option."""
    try:
        return parse_seconds(value if isinstance(value, str) else f"{value:f}s")
    except (ValueError, TypeError) as error:
        raise StallsimError(f"{name}: {error}") from None


def to_settings(overrides: Mapping[str, Override]) -> tuple[str, ...]:
    """``KEY=VALUE`` for each, as ``--set`` takes it."""
    return tuple(
        f"{key}={value if isinstance(value, str) else json.dumps(value, default=list)}"
        for key, value in overrides.items()
    )
