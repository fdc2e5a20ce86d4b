"""The values of options, as a caller may write them: as text with a unit, or as numbers."""

from collections.abc import Callable
from os import PathLike
from typing import TypeVar

from .errors import OptionError
from .units import parse_rate, parse_seconds, parse_size

Value = TypeVar("Value")
Amount = int | str
"""Bytes: ``65536`` or ``"64KiB"``."""
Time = float | str
"""Seconds: ``2.5`` or ``"2500ms"``."""


def to_bytes(option: str, value: Amount, least: int = 1) -> int:
    """Raises OptionError."""
    try:
        size = parse_size(value)
    except ValueError as error:
        raise OptionError(option, str(error)) from None
    if size < least:
        raise OptionError(option, f"expected at least {least}, got {value!r}")
    return size


def to_bytes_per_s(option: str, value: Amount) -> int:
    """Bytes per second from a rate: ``4096``, ``"4KiB"`` or ``"4KiB/s"``. Raises OptionError."""
    if not isinstance(value, str):
        return to_bytes(option, value)
    try:
        rate = parse_rate(value if value.endswith("/s") else f"{value}/s")
    except ValueError as error:
        raise OptionError(option, str(error)) from None
    return to_bytes(option, rate)


def to_seconds(option: str, value: Time) -> float:
    """Raises OptionError."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return parse_seconds(f"{value:f}s" if number else value)
    except ValueError as error:
        raise OptionError(option, str(error)) from None


def to_text(option: str, value: str) -> str:
    """The text. Raises OptionError if it is not one, or cannot be encoded (a byte that is not UTF-8)."""
    given: object = value
    if not isinstance(given, str):
        raise OptionError(option, f"expected a text, got {given!r}")
    try:
        given.encode()
    except UnicodeEncodeError:
        raise OptionError(option, f"{given!r} is not UTF-8 text") from None
    return given


def to_path(option: str, value: str | PathLike[str]) -> str:
    """The path as text. Raises OptionError if the value is not a path, or one of bytes."""
    given: object = value.__fspath__() if isinstance(value, PathLike) else value
    if not isinstance(given, str):
        raise OptionError(option, f"expected a path, got {value!r}")
    return given


def to_value(option: str, value: str, parse: Callable[[str], Value]) -> Value:
    """The parsed value, by any parser that raises ValueError with the allowed forms. Raises OptionError."""
    try:
        return parse(value)
    except ValueError as error:
        raise OptionError(option, str(error)) from None
