"""A file that is opened before a run, and written only if there is something to write."""

import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ..errors import EnvironmentUnfit, ReportError


class NewFile:
    """The old content stays until ``fill``; if that is never called, no empty file is left behind.

    The file is opened first, since in a private stack root has no rights in other users' folders. Raises
    ReportError if the file exists and ``force`` is not given, or if it cannot be written.
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
                raise ReportError(f"{path}: exists and is not a file") from None
            raise ReportError(f"{path}: exists; `force=True` overwrites it") from None
        except OSError as error:
            raise ReportError(f"{path}: cannot be written: {error.strerror}") from None

    def fill(self, content: bytes | memoryview) -> None:
        """Replace the whole content. Raises EnvironmentUnfit if it cannot be written."""
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
