"""Opens the file into which a probe or a fleet is recorded, before anything else happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import StallsimError
from ...timeline.recorder import Recorder
from ...timeline.timeline import Timeline
from ..spec import ProbeSpec


@contextmanager
def recorded(spec: ProbeSpec, timeline: Timeline) -> Iterator[Recorder | None]:
    """Write the records of ``timeline`` into ``spec.record``, if that names a file.

    If no client could be connected, the file is removed.
    """

    def begun() -> bool:
        return timeline.connections.opened > 0

    with recording_to(spec.record, timeline, force=spec.force, begun=begun) as recorder:
        yield recorder


@contextmanager
def recording_to(
    file: str | None, timeline: Timeline, *, force: bool, begun: Callable[[], bool]
) -> Iterator[Recorder | None]:
    """Write the records of ``timeline`` into that file, if there is one.

    After an error before anything has ``begun`` the file is removed. Raises RecordingError.
    ``Recorder.check`` states afterwards whether all records were written.
    """
    if file is None:
        yield None
        return
    with Recorder(Path(file), force) as recorder:
        timeline.listen(recorder.write)
        try:
            yield recorder
        except StallsimError:
            if not begun():
                recorder.discard()
            raise
