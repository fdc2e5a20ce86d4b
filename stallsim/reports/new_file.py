"""A file that is opened before a run, and written only if there is something to write."""

from pathlib import Path
from types import TracebackType
from typing import Self

from ..errors import EnvironmentUnfit, ReportError
from ..output_file import OutputFile


class NewFile:
    """The old content stays until ``fill``; if that is never called, or fails, no new file is left behind.

    The file is opened first, since in a private stack root has no rights in other users' folders. Raises
    ReportError if the file exists and ``force`` is not given, or if it cannot be written.
    """

    def __init__(self, path: Path, *, force: bool) -> None:
        self.path = path
        self._file = OutputFile(path, force=force, error=ReportError)
        self._filled = False

    def fill(self, content: bytes | memoryview) -> None:
        """Replace the whole content. Raises EnvironmentUnfit if it cannot be written."""
        self._filled = False
        try:
            self._file.empty()
            self._file.write(content)
        except OSError as error:
            raise EnvironmentUnfit(f"{self.path}: cannot be written: {error.strerror}") from None
        if self._file.removed:
            raise EnvironmentUnfit(f"{self.path}: was removed before it was written")
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
        if not self._filled and self._file.new:
            self.path.unlink(missing_ok=True)
