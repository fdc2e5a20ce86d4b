"""Reads a result, as ``--json`` prints it, from a file that anybody may have written or changed.

The types of the fields are checked by the decoder. A name of which a view needs more than the name, such as
that of a stall, is checked here, so that no view has to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from .bounded_file import read_bounded, require_readable_again, require_short_numbers
from .errors import RecordingError, StallsimError
from .probing.stalls import find_stall
from .timeline.probed.result import ProbeResult
from .verdict.result import Result
from .verdict.verdict import VerdictKind

T = TypeVar("T")
_SCHEMA_WITHIN = 200
_RESULT_BYTES_MAX = 256 * 2**20


def beginning_of(path: Path) -> str:
    """The first characters, which contain the schema's name if the file is a result. Raises RecordingError
    if it cannot be read, or cannot be read again.
    """
    require_readable_again(path)
    try:
        with path.open("rb") as file:
            return file.read(_SCHEMA_WITHIN).decode("ascii", "replace")
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from None


def read_result(path: Path, kind: type[T]) -> T:
    """The result in the file. Raises RecordingError if it is none of that kind, or of another version."""
    try:
        text = read_bounded(path, _RESULT_BYTES_MAX)
        require_short_numbers(text)
        result = msgspec.json.decode(text, type=kind)
        _require_known_names(result)
    except (msgspec.DecodeError, OSError, ValueError, RecursionError, StallsimError) as error:
        raise RecordingError(f"{path}: not a result of this version of stallsim: {error}") from None
    return result


@contextmanager
def taken_for_damage(path: Path) -> Iterator[None]:
    """Raises RecordingError for what a view cannot do with the content of the file, each field of which is
    right by itself: an empty list that is never empty, a key that another part names.
    """
    try:
        yield
    except (LookupError, ValueError, ArithmeticError) as error:
        what = f"{type(error).__name__}: {error}"
        raise RecordingError(
            f"{path}: was changed, or made by another version of stallsim: {what}"
        ) from error


def _require_known_names(result: object) -> None:
    """Raises StallsimError or ValueError for a name that this version does not know."""
    match result:
        case ProbeResult():
            for report in result.stalls:
                find_stall(report.stall)
        case Result():
            VerdictKind(result.verdict)
        case _:
            pass
