"""The header of a watch's recording."""

from msgspec.structs import replace

from ...probing.recording.outside_header import outside_header
from ...timeline.records import Header
from ...timeline.watched import WatchedServers

TICK_S = 0.1
"""The resolution, in seconds, in which the times of looks are recorded."""


def watch_header(watched: WatchedServers) -> Header:
    """The header, which is the first record of the recording."""
    words = "the connections of a live server, read from outside"
    return replace(outside_header("watch", watched.target, words, TICK_S), watch=watched)
