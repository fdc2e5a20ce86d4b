"""``--record FILE``: every look of a watch, from the first to the last."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ...timeline.changes import Change
from ...timeline.recorder import Recorder
from ...timeline.watched import Snapshot, WatchedServers
from .records import Records


class WholeWatch:
    """Records a whole watch. Raises RecordingError if the file exists and ``force`` is not given."""

    def __init__(self, path: Path, watched: WatchedServers, force: bool) -> None:
        self._recorder = Recorder(path, force)
        self._records = Records(watched)
        self._elapsed_s = -1.0

    def note(self, snapshot: Snapshot, changes: Sequence[Change]) -> None:
        """Add one look. If the disk is full, leaving the block raises EnvironmentUnfit."""
        self._elapsed_s = snapshot.elapsed_s
        for record in self._records.of(snapshot, changes):
            self._recorder.write(record)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._recorder:
            if self._elapsed_s < 0:
                self._recorder.discard()
            else:
                self._recorder.write(self._records.end(self._elapsed_s, interrupted=False))
        if error is None:
            self._recorder.check()
