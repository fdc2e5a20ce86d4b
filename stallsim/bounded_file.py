"""Reads a user's files up to a limit, since a device or a pipe may have no end, and a pipe is read once."""

import re
from pathlib import Path

from .errors import RecordingError

_DIGITS_MAX = 300
_LONG_NUMBER = re.compile(rb"[:,\[]\s*-?\d{%d}" % (_DIGITS_MAX + 1))


def read_bounded(path: Path, bytes_max: int) -> bytes:
    """The whole content. Raises OSError; ValueError if there are more than ``bytes_max`` bytes."""
    with path.open("rb") as file:
        content = file.read(bytes_max + 1)
    if len(content) > bytes_max:
        raise ValueError(f"it has more than {bytes_max:,} bytes")
    return content


def require_readable_again(path: Path) -> None:
    """Raises RecordingError for a pipe or a device, whose content is gone when it has been read."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise RecordingError(
            f"{path}: is a pipe or a device, and has to be read twice: copy it to a file first"
        )


def require_short_numbers(json: bytes) -> None:
    """Raises ValueError if the JSON has an integer beyond any float: it is a valid integer to Python, and
    each division by it or of it would fail.
    """
    if len(json) > _DIGITS_MAX and _LONG_NUMBER.search(json):
        raise ValueError(f"it has a number of more than {_DIGITS_MAX} digits")
