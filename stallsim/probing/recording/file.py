"""The file that a probe or a fleet is recorded in, opened before anything else happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import StallsimError
from ...timeline.recorder import Recorder
from ...timeline.timeline import Timeline
from ..spec import ProbeSpec


@contextmanager
def recorded(spec: ProbeSpec, timeline: Timeline) -> Iterator[Recorder | None]:
    """Write what ``timeline`` is told into ``spec.record``, if that names a file.

    Where no client could be connected, no file stays.
    """

    def begun() -> bool:
        return timeline.connections.opened > 0

    with recording_to(spec.record, timeline, force=spec.force, begun=begun) as recorder:
        yield recorder


@contextmanager
def recording_to(
    file: str | None, timeline: Timeline, *, force: bool, begun: Callable[[], bool]
) -> Iterator[Recorder | None]:
    """Write what ``timeline`` is told into that file, if there is one.

    Of an error before anything has ``begun`` no file stays. Raises RecordingError. Whether all of it could
    be written, the recorder says afterwards (``Recorder.check``).
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
