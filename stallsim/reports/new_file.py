"""A file that is opened before a run, and written only when there is something to write."""

import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ..errors import EnvironmentUnfit, ReportError


class NewFile:
    """What is there stays until ``fill``; where that is never called, no empty file is left behind.

    Opened first: in a private stack, root is nobody in other people's folders. Raises ReportError where
    the file exists and ``force`` is not given, or cannot be written.
    """

    def __init__(self, path: Path, *, force: bool) -> None:
        self.path = path
        self._was_there = path.exists()
        self._filled = False
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | (0 if force else os.O_EXCL)
        try:
            self._file: BinaryIO = os.fdopen(os.open(path, flags, 0o600), "r+b")
        except FileExistsError:
            if not path.is_file():
                raise ReportError(f"{path}: exists and is no file") from None
            raise ReportError(f"{path}: exists; `force=True` overwrites it") from None
        except OSError as error:
            raise ReportError(f"{path}: cannot be written: {error.strerror}") from None

    def fill(self, content: bytes | memoryview) -> None:
        """Replace all that is in it, each time. Raises EnvironmentUnfit where there is no room for it."""
        try:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(content)
            self._file.flush()
        except OSError as error:
            raise EnvironmentUnfit(f"{self.path}: cannot be written: {error.strerror}") from None
        self._filled = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        if not self._filled and not self._was_there:
            self.path.unlink(missing_ok=True)
