"""The writing side of a recording: a file of JSON lines, written record by record, whole lines always."""

import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from ..errors import EnvironmentUnfit, RecordingError
from .records import End, Event, Header, Record

_ENCODER = msgspec.json.Encoder()


class Recorder:
    """Writes records to a file as they come: ``timeline.listen(recorder.write)``.

    Unbuffered: what was written survives a kill -9. A new file is for its owner alone, since it may hold
    what peers sent. A file that is overwritten is left as it was until there is something to record
    (a connection, a look). Where the disk is full the run goes on: ``check`` complains afterwards.

    Raises RecordingError where the file exists and ``force`` is not given, or cannot be written.
    """

    def __init__(self, path: Path, force: bool = False) -> None:
        self._path = path
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
        there = force and path.exists()
        try:
            self._descriptor = os.open(path, flags | (0 if force else os.O_EXCL), 0o600)
        except FileExistsError:
            if not path.is_file():
                raise RecordingError(f"{path}: exists and is no file") from None
            raise RecordingError(f"{path}: exists; --force overwrites it") from None
        except OSError as error:
            raise RecordingError(f"{path}: cannot be written: {error.strerror}") from None
        self._rewinds = stat.S_ISREG(os.fstat(self._descriptor).st_mode)
        self._created = self._rewinds and not there
        self._held: list[bytes] | None = None if self._created else []
        """Lines that may not be written yet: what is there is not to be lost for nothing, and a pipe cannot
        be rewound should the run be executed once more."""
        self._size = 0
        self._lost = ""

    def write(self, record: Record) -> None:
        """Append one record as one line."""
        line = _ENCODER.encode(record) + b"\n"
        if self._held is None:
            self._write(line)
            return
        self._held.append(line)
        if self._rewinds and not isinstance(record, Header | Event | End):
            os.ftruncate(self._descriptor, 0)
            self._write_held()

    def restart(self) -> None:
        """Forget what was written: the run is executed once more."""
        if self._held is not None:
            self._held.clear()
        else:
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.ftruncate(self._descriptor, 0)
            self._size = 0

    def discard(self) -> None:
        """There was no run: leave no empty file behind, and an old one as it was."""
        if self._created:
            self._path.unlink(missing_ok=True)
        elif self._held is not None:
            self._held.clear()

    def check(self) -> None:
        """Raises EnvironmentUnfit where records could not be written."""
        if self._lost:
            rest = f"; the {self._size:,} bytes until then can be replayed" if self._size else ""
            raise EnvironmentUnfit(f"{self._path}: cannot be written: {self._lost}{rest}")

    def _write_held(self) -> None:
        lines, self._held = self._held or [], None
        for line in lines:
            self._write(line)

    def _write(self, line: bytes) -> None:
        if self._lost:
            return
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            self._lost = error.strerror or str(error)
            if self._rewinds:
                os.ftruncate(self._descriptor, self._size)
        else:
            self._size += len(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._held and not self._rewinds:
            self._write_held()
        os.close(self._descriptor)
