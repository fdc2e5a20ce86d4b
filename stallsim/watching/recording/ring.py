"""Stores the last minutes of a watch, and writes them to a file when a stall begins.

``--on-stall FILE``: the file begins with those minutes and continues for the same time after the latest
stall. A later stall gets a file of its own, with a number in its name.
"""

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ...errors import EnvironmentUnfit, RecordingError
from ...kinds import Word
from ...timeline.changes import Change
from ...timeline.recorder import Recorder
from ...timeline.watched import Snapshot, WatchedServers
from .records import Records, trimmed

_ENCODER = msgspec.msgpack.Encoder()


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    snapshot: Snapshot
    changes: list[Change]


class Ring:
    """The stored looks. Raises RecordingError if the file exists already and ``force`` is not given."""

    def __init__(
        self,
        path: Path,
        lasts_s: float,
        watched: WatchedServers,
        complain: Callable[[str], None],
        *,
        force: bool = False,
    ) -> None:
        if path.exists() and not force:
            raise RecordingError(f"`on_stall=` {path}: exists; `force=True` overwrites it")
        if not path.parent.is_dir():
            raise RecordingError(f"`on_stall=` {path}: there is no folder {path.parent}")
        self._path, self._lasts_s, self._watched, self._force = path, lasts_s, watched, force
        self._complain = complain
        self._looks: deque[tuple[float, bytes]] = deque()
        self._file: Recorder | None = None
        self._records = Records(watched)
        self._until_s = 0.0
        self._began_s = 0.0
        self.written: list[Path] = []
        """The names of the files that have been written so far."""

    def note(self, snapshot: Snapshot, changes: Sequence[Change]) -> None:
        """Add one look."""
        stalls = any(one.now.word == Word.STALLED.value and not one.ended for one in changes)
        at_s = snapshot.elapsed_s
        while self._looks and at_s - self._looks[0][0] > self._lasts_s:
            self._looks.popleft()
        if stalls:
            self._until_s = at_s + self._lasts_s
            if self._file is None:
                self._open(at_s)
        if self._file is not None:
            self._write(snapshot, changes)
            if at_s >= self._until_s:
                self._finish(at_s, interrupted=False)
        kept = _Kept(trimmed(snapshot), list(changes))
        self._looks.append((at_s, _ENCODER.encode(kept)))

    def close(self) -> None:
        """Finish the file that is being written, since the watch has ended."""
        if self._file is not None:
            self._finish(self._until_s, interrupted=True)

    def _open(self, at_s: float) -> None:
        number = len(self.written) + 1
        path = self._path if number == 1 else self._path.with_stem(f"{self._path.stem}-{number}")
        try:
            self._file = Recorder(path, self._force)
        except RecordingError as error:
            self._complain(f"`on_stall=`: {error}")
            return
        self.written.append(path)
        self._records = Records(self._watched)
        self._began_s = self._looks[0][0] if self._looks else at_s
        for _, look in self._looks:
            kept = msgspec.msgpack.decode(look, type=_Kept)
            self._write(kept.snapshot, kept.changes)
        self._looks.clear()

    def _write(self, snapshot: Snapshot, changes: Sequence[Change]) -> None:
        if self._file is None:
            return
        for record in self._records.of(snapshot, changes):
            self._file.write(record)
        try:
            self._file.check()
        except EnvironmentUnfit as error:
            self._complain(f"`on_stall=`: {error}")
            file, self._file = self._file, None
            with file:
                pass

    def _finish(self, at_s: float, *, interrupted: bool) -> None:
        if self._file is None:
            return
        file, self._file = self._file, None
        with file:
            file.write(self._records.end(at_s - self._began_s, interrupted=interrupted))
