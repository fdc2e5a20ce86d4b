"""What the recording of a probe says that the probe came to."""

import msgspec

from ..errors import RecordingError
from ..probing.result import ProbeResult
from ..timeline.timeline import Timeline


def recorded_result(timeline: Timeline) -> ProbeResult | None:
    """What the recording of a probe says of its outcome; None where it was cut off before it.

    Raises RecordingError where it was written by another version.
    """
    if timeline.probed is None:
        return None
    try:
        return msgspec.json.decode(timeline.probed.result, type=ProbeResult)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RecordingError(f"the recorded outcome is not one of this version: {error}") from None
