"""The samples of each connection, thinned for a screen; no peak and no start of a phase is lost."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..kinds import Stalls
from ..timeline.outside import ServerMemory
from ..timeline.records import ConnectionInfo, Happening, PhaseEvent
from ..timeline.sample import Sample
from ..timeline.timeline import Timeline

_POINTS = 60_000
"""The number of points for all connections together."""
_POINTS_LEAST, _POINTS_MOST = 300, 2_000
"""The least and the most points for one connection."""
_PEAKS = ("queue_bytes", "outq_bytes", "rcvq_bytes", "held_bytes")
_SAMPLES_EACH = len(_PEAKS) + 1
"""Samples in one bucket: one for each peak, and one for the smallest window."""
_HAPPENINGS_MOST = 400


class QueueTrack(NamedTuple):
    """The thinned samples of one connection, and what happened to it."""

    info: ConnectionInfo
    points: list[Sample]
    happenings: list[Happening]
    """The first and the last happenings, if there are too many."""
    happenings_left_out: int

    @property
    def phases(self) -> Iterator[PhaseEvent]:
        """The phases of the connection, in order."""
        return (one for one in self.happenings if isinstance(one, PhaseEvent))


def tracks_of(timeline: Timeline) -> list[QueueTrack]:
    """Every connection that was sampled: those meant to stall first, then the longest queue first."""
    sampled = [info for info in timeline.connections if timeline.samples[info.connection]]
    most = min(_POINTS_MOST, max(_POINTS_LEAST, _POINTS // max(1, len(sampled))))

    def interest(info: ConnectionInfo) -> tuple[bool, int, int]:
        peak = timeline.tally(info.connection).queue_bytes_max
        return info.stalls is not Stalls.MUST, 0 if timeline.probed else -peak, info.connection

    return [_track(timeline, info, most) for info in sorted(sampled, key=interest)]


def _track(timeline: Timeline, info: ConnectionInfo, most: int) -> QueueTrack:
    about = list(timeline.about(info.connection))
    left_out = max(0, len(about) - _HAPPENINGS_MOST)
    if left_out:
        half = _HAPPENINGS_MOST // 2
        about = about[:half] + about[-half:]
    begun = {one.tick for one in about if isinstance(one, PhaseEvent)}
    spared = begun | {tick - 1 for tick in begun}
    return QueueTrack(info, thin_tracks(timeline.samples[info.connection], spared, most), about, left_out)


def thin_tracks(series: Sequence[Sample], spared: set[int], most: int) -> list[Sample]:
    """About ``most`` samples: of each bucket of ticks those with the largest count of each queue and the
    smallest window; also the first and the last of all, and those of the ``spared`` ticks.
    """
    if len(series) <= most:
        return list(series)
    buckets = max(1, most // _SAMPLES_EACH)
    first, ticks = series[0].tick, series[-1].tick - series[0].tick + 1
    chosen: set[int] = {0, len(series) - 1}
    extremes: dict[str, int] = {}
    bucket = -1
    for place, sample in enumerate(series):
        here = (sample.tick - first) * buckets // ticks
        if here != bucket:
            chosen.update(extremes.values())
            bucket, extremes = here, dict.fromkeys((*_PEAKS, "snd_wnd_bytes"), place)
        for field in _PEAKS:
            if getattr(sample, field) > getattr(series[extremes[field]], field):
                extremes[field] = place
        if sample.snd_wnd_bytes < series[extremes["snd_wnd_bytes"]].snd_wnd_bytes:
            extremes["snd_wnd_bytes"] = place
        if sample.tick in spared:
            chosen.add(place)
    chosen.update(extremes.values())
    return [series[place] for place in sorted(chosen)]


def memory_within(timeline: Timeline, track: QueueTrack) -> list[ServerMemory]:
    """The readings of a probed server's memory while the connection was open."""
    first, last = track.points[0].tick, track.points[-1].tick
    return [one for one in timeline.memory_beside(track.info.connection) if first <= one.tick <= last]
