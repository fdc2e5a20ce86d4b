"""Values of the kinds that they must be, or an error that names the option."""

import re
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from ...errors import OptionError, StallsimError

_KEY = re.compile(r"\.([a-z_]+)")
_Made = TypeVar("_Made", bound=msgspec.Struct)


def checked(made: _Made) -> _Made:
    """The same, if every value is of the kind that its field says. Raises OptionError, StallsimError."""
    try:
        return msgspec.json.decode(msgspec.json.encode(made), type=type(made))
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at ")
        keys = _KEY.findall(path)
        raise OptionError(keys[-1] if keys else "an option", problem) from None
    except (TypeError, UnicodeEncodeError) as error:
        raise StallsimError(f"an option cannot be passed on: {error}") from None


def texts(option: str, given: str | Sequence[str]) -> tuple[str, ...]:
    """One text may stand for a sequence of one. Raises OptionError for what is neither."""
    if isinstance(given, str):
        return (given,)
    several: object = given
    if not isinstance(several, Sequence) or not all(isinstance(one, str) for one in several):
        raise OptionError(option, f"expected a text or several, got {given!r}")
    return tuple(given)
