"""Checks that option values have the right types; the error names the option."""

import re
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from ...errors import OptionError
from ...option_values import to_text

_KEY = re.compile(r"\.([a-z_]+)")
_Made = TypeVar("_Made", bound=msgspec.Struct)


def checked(made: _Made) -> _Made:
    """``made`` itself, if every value has the type of its field. Raises OptionError otherwise."""
    try:
        return msgspec.json.decode(msgspec.json.encode(made), type=type(made))
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at ")
        keys = _KEY.findall(path)
        raise OptionError(keys[-1] if keys else "an option", problem) from None
    except (TypeError, UnicodeEncodeError):
        raise OptionError(*_of_no_kind(made)) from None


def _of_no_kind(made: msgspec.Struct) -> tuple[str, str]:
    """The name of the option whose value cannot be encoded, and what is wrong with the value."""
    for field in made.__struct_fields__:
        value = getattr(made, field)
        try:
            msgspec.json.encode(value)
        except (TypeError, UnicodeEncodeError) as error:
            if isinstance(value, msgspec.Struct):
                return _of_no_kind(value)
            return field, f"the value {value!r} cannot be encoded: {error}"
    raise AssertionError("the whole cannot be encoded, and each of its parts can")


def texts(option: str, given: str | Sequence[str]) -> tuple[str, ...]:
    """The texts as a tuple; a single text counts as a sequence of one. Raises OptionError for other
    values.
    """
    several: object = (given,) if isinstance(given, str) else given
    if not isinstance(several, Sequence) or not all(isinstance(one, str) for one in several):
        raise OptionError(option, f"expected a text or a sequence of texts, got {given!r}")
    return tuple(to_text(option, one) for one in several)
