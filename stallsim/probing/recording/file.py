"""The file that a probe is recorded in, opened before anything else happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import StallsimError
from ...timeline.recorder import Recorder
from ...timeline.timeline import Timeline
from ..spec import ProbeSpec


@contextmanager
def recorded(spec: ProbeSpec, timeline: Timeline) -> Iterator[Recorder | None]:
    """Write what ``timeline`` is told into ``spec.record``, if that names a file.

    Where no client could be connected, no file stays. Raises RecordingError. Whether all of it could be
    written, the recorder says afterwards (``Recorder.check``).
    """
    if spec.record is None:
        yield None
        return
    with Recorder(Path(spec.record), spec.force) as recorder:
        timeline.listen(recorder.write)
        try:
            yield recorder
        except StallsimError:
            if not timeline.connections.opened:
                recorder.discard()
            raise
