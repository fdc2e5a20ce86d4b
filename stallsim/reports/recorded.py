"""What the recording of a probe says that the probe came to."""

import msgspec

from ..errors import RecordingError, UnknownVariant
from ..probing.recording.replay import result_in
from ..probing.result import ProbeResult
from ..timeline.timeline import Timeline


def recorded_result(timeline: Timeline) -> ProbeResult | None:
    """What the recording of a probe says of its outcome; None where it was cut off before it.

    Raises RecordingError where it was written by another version.
    """
    if timeline.probed is None:
        return None
    try:
        return result_in(timeline.probed.result)
    except (msgspec.DecodeError, UnknownVariant, ValueError, RecursionError) as error:
        raise RecordingError(f"the recorded outcome is not one of this version: {error}") from None
