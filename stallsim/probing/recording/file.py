"""The file that a probe is recorded in, opened before anything else happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import StallsimError
from ...timeline.recording import Recorder
from ...timeline.timeline import Timeline
from ..spec import ProbeSpec


@contextmanager
def recorded(spec: ProbeSpec, timeline: Timeline) -> Iterator[None]:
    """Write what ``timeline`` is told into ``spec.record``, if that names a file.

    Where no client could be connected, no file stays. Raises RecordingError.
    """
    if spec.record is None:
        yield
        return
    with Recorder(Path(spec.record), spec.force) as recorder:
        timeline.listen(recorder.write)
        try:
            yield
        except StallsimError:
            if not timeline.connections.opened:
                recorder.discard()
            raise
