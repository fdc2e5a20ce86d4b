"""A timeline as a file of JSON lines: written record by record, readable up to its last whole line.

The first line is the header (version, scenario, kernel, sysctls, libraries, argv). Samples are arrays,
in the order of ``sample.Sample``'s fields; every other record is an object with a ``type``.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from ..errors import RecordingError
from .old_event import TYPED_EVENTS_SINCE, OldEvent
from .outside import Looked, Memory, Probed
from .records import (
    FORMAT_VERSION,
    READABLE_VERSIONS,
    ConnectionInfo,
    End,
    Event,
    Header,
    PhaseEvent,
    Record,
    Resources,
)
from .sample import Sample
from .thinning import Limits
from .timeline import Timeline

_ENCODER = msgspec.json.Encoder()
_SAMPLE = msgspec.json.Decoder(Sample)
_OTHERS = msgspec.json.Decoder(
    Header | ConnectionInfo | PhaseEvent | Event | Resources | Memory | Probed | Looked | End
)

_OLD = msgspec.json.Decoder(
    Header | ConnectionInfo | PhaseEvent | OldEvent | Resources | Memory | Probed | End
)


class Recorder:
    """Writes records to a file as they come: ``timeline.listen(recorder.write)``.

    Unbuffered: what was written survives a kill -9. Raises RecordingError where the file exists and
    ``force`` is not given, or cannot be written.
    """

    def __init__(self, path: Path, force: bool = False) -> None:
        self._path = path
        self._held: list[bytes] | None = None
        """Lines for what cannot be rewound (a pipe), until it is sure that they are to stay."""
        try:
            self._file = path.open("wb" if force else "xb", buffering=0)
        except FileExistsError:
            if not path.is_file():
                raise RecordingError(f"{path}: exists and is no file") from None
            raise RecordingError(f"{path}: exists; --force overwrites it") from None
        except OSError as error:
            raise RecordingError(f"{path}: cannot be written: {error.strerror}") from None
        if not stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
            self._held = []

    def write(self, record: Record) -> None:
        """Append one record as one line."""
        line = _ENCODER.encode(record) + b"\n"
        if self._held is not None:
            self._held.append(line)
        else:
            self._write(line)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise RecordingError(f"{self._path}: cannot be written: {error.strerror}") from None

    def restart(self) -> None:
        """Forget what was written: the run is executed once more."""
        if self._held is not None:
            self._held.clear()
        else:
            self._file.seek(0)
            self._file.truncate()

    def discard(self) -> None:
        """There was no run: leave no empty file behind."""
        if self._held is None:
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._file:
            self._write(b"".join(self._held or ()))


def read_records(path: Path) -> Iterator[Record]:
    """Every whole record of a recording. Raises RecordingError; an incomplete last line is passed over."""
    try:
        with path.open("rb") as file:
            old = False
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    return
                record = _decode(line, number, path, old=old)
                if isinstance(record, Header):
                    old = record.version < TYPED_EVENTS_SINCE
                yield record
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from None


def load(path: Path, limits: Limits | None = None) -> Timeline:
    """The timeline of a recording, thinned like that of the run unless there are other ``limits``.

    Raises RecordingError where it is none, or of another version.
    """
    timeline = Timeline(limits)
    for record in read_records(path):
        opened = timeline.connections.opened
        match record:
            case ConnectionInfo():
                known = record.connection == opened
            case Sample() | PhaseEvent() | Event():
                known = record.connection is None or 0 <= record.connection < opened
            case _:
                known = True
        if not known:
            raise RecordingError(f"{path}: a record of a connection that was never opened")
        timeline.append(record)
    if timeline.header is None:
        raise RecordingError(f"{path}: not a recording: it is empty")
    return timeline


def _decode(line: bytes, number: int, path: Path, *, old: bool) -> Record:
    try:
        record: Record | OldEvent
        if line[:1] == b"[":
            record = _SAMPLE.decode(line)
        else:
            record = _OLD.decode(line) if old else _OTHERS.decode(line)
        if isinstance(record, OldEvent):
            record = record.renewed()
    except (msgspec.DecodeError, ValueError) as error:
        if number == 1:
            raise RecordingError(f"{path}: not a recording of stallsim: {error}") from None
        raise RecordingError(f"{path}: line {number} is damaged: {error}") from None
    if number == 1 and (not isinstance(record, Header) or record.version not in READABLE_VERSIONS):
        found = f"version {record.version}" if isinstance(record, Header) else "no header"
        raise RecordingError(f"{path}: expected version {FORMAT_VERSION}, found {found}")
    return record
