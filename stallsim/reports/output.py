"""Where a report goes: a file that is opened before the run, or standard output."""

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ..errors import ReportError
from .formats import FORMATS
from .formats._base import Format
from .found import Found

STANDARD_OUTPUT = "-"
_ON_STANDARD_OUTPUT = "md"


class Output:
    """One report to be written. Opened first: in a private stack, root is nobody in other people's folders.

    Raises ReportError where no format has the file's suffix, or the file exists and ``force`` is not
    given, or cannot be written; Unavailable where the format needs what is not installed.
    """

    def __init__(self, name: str, *, force: bool = False, format_name: str | None = None) -> None:
        self.name = name
        self.format = format_of(name, format_name)
        self.format.prepare()
        self._path = None if name == STANDARD_OUTPUT else Path(name)
        self._was_there = self._path is not None and self._path.exists()
        self._file = sys.stdout.buffer if self._path is None else _open(self._path, force)
        self._written = False

    @property
    def to_standard_output(self) -> bool:
        """Whether nothing else should be printed there."""
        return self._path is None

    def write(self, found: Sequence[Found]) -> None:
        """Write the report. Raises ReportError."""
        made = io.BytesIO()
        self.format.write(found, made)
        try:
            if self._path is not None:
                self._file.truncate(0)
            self._file.write(made.getbuffer())
            self._file.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ReportError(f"{self.name}: cannot be written: {error.strerror}") from None
        self._written = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._path is None:
            return
        self._file.close()
        if not self._written and not self._was_there:
            self._path.unlink(missing_ok=True)  # there is nothing to report: leave no empty file behind


def format_of(name: str, format_name: str | None = None) -> Format:
    """The format that is named, or that the file's suffix means."""
    if format_name is not None:
        return FORMATS.find(format_name)()
    if name == STANDARD_OUTPUT:
        return FORMATS.find(_ON_STANDARD_OUTPUT)()
    formats = [FORMATS.find(each) for each in FORMATS.names()]
    by_suffix = {suffix: one for one in formats for suffix in one.suffixes()}
    for suffix in sorted(by_suffix, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return by_suffix[suffix]()
    raise ReportError(f"{name}: no report format has this suffix; allowed: {', '.join(sorted(by_suffix))}")


def _open(path: Path, force: bool) -> BinaryIO:
    """The file, with what is in it until a report is there to replace it."""
    flags = os.O_RDWR | os.O_CREAT | (0 if force else os.O_EXCL)
    try:
        return os.fdopen(os.open(path, flags, 0o600), "r+b")
    except FileExistsError:
        if not path.is_file():
            raise ReportError(f"{path}: exists and is no file") from None
        raise ReportError(f"{path}: exists; --force overwrites it") from None
    except OSError as error:
        raise ReportError(f"{path}: cannot be written: {error.strerror}") from None
