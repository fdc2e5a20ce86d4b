"""What a probe has found, printed: by the probe itself, and by the replay of its recording."""

import sys
from typing import TYPE_CHECKING

from ..errors import RecordingError

if TYPE_CHECKING:
    from ..probing.result import ProbeResult
    from ..timeline.timeline import Timeline


def print_report(result: "ProbeResult", *, json: bool) -> None:
    """One object, or the report."""
    if json:
        import msgspec

        print(msgspec.json.encode(result).decode())
        return
    from ..probing.report.wording import report_lines

    for line in report_lines(result, sys.stdout.encoding):
        print(line)


def recorded_result(timeline: "Timeline") -> "ProbeResult | None":
    """What the recording of a probe says of its outcome; None where it was cut off before it.

    Raises RecordingError where it is of another version's making.
    """
    import msgspec

    from ..probing.result import ProbeResult

    if timeline.probed is None:
        return None
    try:
        return msgspec.convert(timeline.probed.result, ProbeResult)
    except msgspec.ValidationError as error:
        raise RecordingError(f"the recorded outcome is not one of this version: {error}") from None
