"""Values of the kinds that they must be, or an error that names the option."""

import re
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from ...errors import OptionError
from ...option_values import to_text

_KEY = re.compile(r"\.([a-z_]+)")
_Made = TypeVar("_Made", bound=msgspec.Struct)


def checked(made: _Made) -> _Made:
    """The same, if every value is of the kind that its field says. Raises OptionError."""
    try:
        return msgspec.json.decode(msgspec.json.encode(made), type=type(made))
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at ")
        keys = _KEY.findall(path)
        raise OptionError(keys[-1] if keys else "an option", problem) from None
    except (TypeError, UnicodeEncodeError):
        raise OptionError(*_of_no_kind(made)) from None


def _of_no_kind(made: msgspec.Struct) -> tuple[str, str]:
    """The option whose value is of no kind that there is, or no Unicode text; and what is wrong with it."""
    for field in made.__struct_fields__:
        value = getattr(made, field)
        try:
            msgspec.json.encode(value)
        except (TypeError, UnicodeEncodeError) as error:
            if isinstance(value, msgspec.Struct):
                return _of_no_kind(value)
            return field, f"{value!r} cannot be passed on: {error}"
    raise AssertionError("the whole cannot be encoded, and each of its parts can")


def texts(option: str, given: str | Sequence[str]) -> tuple[str, ...]:
    """One text may stand for a sequence of one. Raises OptionError for what is neither."""
    several: object = (given,) if isinstance(given, str) else given
    if not isinstance(several, Sequence) or not all(isinstance(one, str) for one in several):
        raise OptionError(option, f"expected a text or several, got {given!r}")
    return tuple(to_text(option, one) for one in several)
