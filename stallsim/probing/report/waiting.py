"""States how a stall spent its time: its waits in order, and why the stall ended."""

from ...units import format_seconds, format_size
from ..observe.observation import Observation

_ENDED_BY = {
    "enough": "until enough bytes were refused",
    "time": "until the time to watch was over",
    "memory": "until the server's growth had reached its limit",
    "silence": "until the witness had received nothing for long enough",
    "messages": "until the witness had received as many messages as can be compared",
    "closed": "until the connection or the server had ended",
}


def waited(seen: Observation) -> str:
    """One line with the seconds of the baseline, the stall, the watch after the server's close, and after
    the wake.
    """
    record = seen.record
    ending = f"{_ENDED_BY[record.stopped_by]} ({format_size(seen.refused_bytes)} refused by the kernels)"
    waits = [
        f"{_seconds(record.baseline.seconds)} for a baseline of {record.baseline.messages:,} messages",
        f"{_seconds(seen.samples[-1].at_s)} in the stall, {ending}",
    ]
    if record.ending is not None and record.ending.watched_s:
        waits.append(
            f"{_seconds(record.ending.watched_s)} to watch the closed socket and the server's memory"
        )
    if record.gone_s:
        waits.append(f"{_seconds(record.gone_s)} after the client had gone")
    if record.drain_s:
        waits.append(f"{_seconds(record.drain_s)} after the wake")
    if record.unstalled is not None:
        waits.append(f"{_seconds(record.unstalled.seconds)} without a stalled client")
    return ", ".join(waits)


def _seconds(seconds: float) -> str:
    return format_seconds(max(seconds, 1e-3))
