"""Writes a recording: a file of JSON lines, written record by record, always in whole lines."""

import errno
import os
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec.structs import replace

from ..errors import EnvironmentUnfit, RecordingError
from ..output_file import OutputFile
from .compression import PIECE_BYTES, compressor_for
from .overview import overview_of, where_line
from .parts import Beginning
from .records import Event, Header, Record, RecordingEnd
from .sparse import Sparse
from .timeline import Timeline

_ENCODER = msgspec.json.Encoder()
_RATIO = 8
"""The ratio of compression that is assumed for bytes not yet compressed."""


class Recorder:
    """Writes records to a file as they come: ``timeline.listen(recorder.write)``.

    Nothing is buffered: written records survive a kill -9. Only the owner may read a new file, since it
    may contain data from peers. An existing file stays as it was until there is something to record (a
    connection, a look). If the disk is full, the run goes on, and ``check`` raises an error afterwards.

    With the suffix ``.gz`` or ``.zst`` the file is compressed, in pieces; a kill -9 loses the newest
    piece. With ``every``, only one tick of this many is written, and the peaks of each queue. With
    ``rotate_bytes``, a file that has become larger is renamed (``run.1.jsonl``) and a new one is begun;
    the renamed file before that is deleted, so that there is never much more than twice this size.

    Raises RecordingError if the file exists and ``force`` is not given, or if it cannot be written;
    Unavailable if the library for its compression is not installed.
    """

    def __init__(
        self, path: Path, force: bool = False, *, every: int = 1, rotate_bytes: int | None = None
    ) -> None:
        self._path = path
        self._compress = compressor_for(path)
        self._piece = bytearray()
        self._sparse = Sparse(every) if every > 1 else None
        self._every = every
        self._rotate_bytes = rotate_bytes
        self._beginning = Beginning()
        self._part = 0
        self._begun_bytes = 0
        """The size of the records with which this part begins, in bytes."""
        self._force = force
        self._file = OutputFile(path, force=force, error=RecordingError)
        self._rewinds = self._file.regular
        self._held: list[bytes] | None = [] if self._rewinds and not self._file.new else None
        """Lines that are held back: an existing file is not to be lost for nothing, and a pipe cannot be
        rewound if the run is executed again (``restart``).
        """
        self._size = 0
        self._lost = ""
        self._removed = False

    def write(self, record: Record) -> None:
        """Append one record as one line."""
        if isinstance(record, Header) and self._every > 1:
            record = replace(record, record_every=self._every)
        for one in self._sparse.pass_on(record) if self._sparse is not None else (record,):
            self._append(one)
            if self._rotate_bytes is not None:
                self._beginning.note(one)
                grown = self._size + len(self._piece) // _RATIO - self._begun_bytes
                if grown > self._rotate_bytes and not self._lost:
                    self._rotate()

    def _append(self, record: Record) -> None:
        line = _ENCODER.encode(record) + b"\n"
        if self._held is None:
            self._write(line)
            return
        self._held.append(line)
        if self._rewinds and not isinstance(record, Header | Event | RecordingEnd):
            self._file.empty()
            self._write_held()

    def restart(self, *, last: bool = False) -> None:
        """Discard what was written, since the run is executed again; ``last``: for the last time.

        Before its last execution, nothing is written to a pipe, since a pipe cannot be rewound.
        """
        self._piece.clear()
        self._beginning.clear()
        if self._part:
            self._part_path(self._part).unlink(missing_ok=True)
            self._part = self._begun_bytes = 0
        if self._sparse is not None:
            self._sparse.clear()
        if not self._rewinds:
            self._held = None if last else []
        elif self._held is not None:
            self._held.clear()
        else:
            self._file.empty()
            self._size = 0

    def discard(self) -> None:
        """Leave no new file, and an existing one as it was, since there was no run."""
        self._held = []
        if self._file.new:
            self._piece.clear()
            self._file.empty()
            self._size = 0

    def conclude(self, timeline: Timeline) -> None:
        """Write the overview of a long run after its records, if the file can be read from its end."""
        if self._rewinds and self._compress is None and self._rotate_bytes is None and self._held is None:
            offset = self._size
            line = overview_of(timeline, self._every)
            if line:
                self._store(line + where_line(offset))

    def check(self) -> None:
        """Raises EnvironmentUnfit if records could not be written. To be called when all records have
        come.
        """
        self._flush()
        if self._lost:
            rest = f"; the {self._size:,} bytes until then can be replayed" if self._size else ""
            raise EnvironmentUnfit(f"{self._path}: cannot be written: {self._lost}{rest}")
        if self._removed:
            raise EnvironmentUnfit(f"{self._path}: was removed while it was written")

    def _write_held(self) -> None:
        lines, self._held = self._held or [], None
        for line in lines:
            self._write(line)

    def _write(self, line: bytes) -> None:
        if self._compress is None:
            self._store(line)
            return
        self._piece += line
        if len(self._piece) >= PIECE_BYTES:
            self._flush()

    def _flush(self) -> None:
        """Compress and write the bytes that wait for that."""
        if self._piece and self._compress is not None:
            piece = self._compress(bytes(self._piece))
            self._piece.clear()
            self._store(piece)

    def _rotate(self) -> None:
        """Rename this file, and begin a new one with the records that it needs."""
        self._flush()
        before, oldest = self._part_path(self._part + 1), self._part_path(self._part)
        try:
            if before.exists() and not self._force:
                raise FileExistsError(errno.EEXIST, f"{before} exists; `force=True` overwrites it")
            file = OutputFile(self._new_path(), force=False, error=RecordingError)
            self._path.rename(before)
            self._new_path().rename(self._path)
        except RecordingError as error:
            self._lost = str(error)
            return
        except OSError as error:
            self._lost = error.strerror or str(error)
            return
        self._file.close()
        self._file, self._size = file, 0
        self._part += 1
        if self._part > 1:
            oldest.unlink(missing_ok=True)
        for record in self._beginning.records(self._part):
            self._append(record)
        self._begun_bytes = self._size + len(self._piece) // _RATIO

    def _part_path(self, part: int) -> Path:
        """The path of a renamed part: ``run.1.jsonl.gz`` for ``run.jsonl.gz``."""
        stem, _, rest = self._path.name.partition(".")
        return self._path.with_name(f"{stem}.{part}.{rest}" if rest else f"{stem}.{part}")

    def _new_path(self) -> Path:
        return self._path.with_name(f".{self._path.name}.new")

    def _store(self, line: bytes) -> None:
        if self._lost:
            return
        try:
            self._file.write(line)
        except OSError as error:
            self._lost = error.strerror or str(error)
            if self._rewinds:
                os.ftruncate(self._file.descriptor, self._size)
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
        for one in self._sparse.release() if self._sparse is not None and self._held is None else ():
            self._append(one)
        self._flush()
        self._removed = self._file.removed
        self._file.close()
        if self._file.new and not self._size and not self._part:
            self._path.unlink(
                missing_ok=True
            )  # a signal came before the first record, or no space was left
