"""Turns looks into records: a header, connections in trouble, their samples, changes of words, and the
looks themselves.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from ...kinds import CALM, Phase, Word
from ...probing.recording.outside_header import outside_header
from ...timeline.changes import Change
from ...timeline.events import watch as watch_events
from ...timeline.events.kernel import Stalled
from ...timeline.outside import Looked, ServerMemory
from ...timeline.records import Event, Header, PhaseEvent, Record, RecordingEnd
from ...timeline.watched import Snapshot, WatchedConnection, WatchedServers
from .connections import info_of, sample_of

_TICK_S = 0.1
"""The resolution, in seconds, in which the times of looks are recorded."""
_TROUBLED_MAX = 100
"""The most connections in trouble that are recorded of each look."""
_CALM_MAX = 20
"""The most other connections that are recorded of each look."""
_CALM = frozenset(word.value for word in CALM)


def trimmed(snapshot: Snapshot) -> Snapshot:
    """The snapshot with its worst connections and a few calm ones, and the number of those left out."""
    troubled = [one for one in snapshot.connections if one.word not in _CALM][:_TROUBLED_MAX]
    calm = [one for one in snapshot.connections if one.word in _CALM][:_CALM_MAX]
    kept = (*troubled, *calm)
    return replace(snapshot, connections=kept, left_out=snapshot.totals.connections - len(kept))


def _header(watched: WatchedServers) -> Header:
    words = "the connections of a live server, read from outside"
    return replace(outside_header("watch", watched.target, words, _TICK_S), watch=watched)


class Records:
    """Makes the records of one recording. A connection gets its number when it is first in trouble."""

    def __init__(self, watched: WatchedServers) -> None:
        self._watched = watched
        self._numbers: dict[int, int] = {}
        self._count = 0
        self._last: dict[int, WatchedConnection] = {}
        self._tick = -1
        self._began_s = 0.0

    def of(self, snapshot: Snapshot, changes: Sequence[Change]) -> Iterator[Record]:
        """The records of one look; the first look's records begin with the header."""
        if self._tick < 0:
            self._began_s = snapshot.elapsed_s
            yield _header(self._watched)
        self._tick = max(self._tick + 1, round((snapshot.elapsed_s - self._began_s) / _TICK_S))
        tick, snapshot = self._tick, trimmed(snapshot)
        for one in snapshot.connections:
            if one.word not in _CALM and one.cookie not in self._numbers:
                self._numbers[one.cookie] = self._count
                self._count += 1
                yield info_of(self._numbers[one.cookie], tick, one)
        for one in snapshot.connections:
            if one.cookie in self._numbers:
                self._last[one.cookie] = one
                yield sample_of(self._numbers[one.cookie], tick, one)
        for change in changes:
            yield from self._events(tick, change)
        if snapshot.process is not None:
            yield ServerMemory(tick=tick, rss_bytes=snapshot.process.rss_bytes)
        yield Looked(tick=tick, snapshot=snapshot)

    def end(self, wall_s: float, *, interrupted: bool) -> Record:
        """The record that ends the recording."""
        return RecordingEnd(
            tick=max(0, self._tick), attempts=1, wall_s=round(wall_s, 3), interrupted=interrupted
        )

    def _events(self, tick: int, change: Change) -> Iterator[Record]:
        one = change.now
        number = self._numbers.get(one.cookie)
        if number is None:
            return
        if change.ended:
            self._numbers.pop(one.cookie)
            last = sample_of(number, tick, self._last.pop(one.cookie, one))
            yield PhaseEvent(tick=tick, phase=Phase.CLOSED, sample=last)
            return
        what = watch_events.Word(
            word=one.word,
            was="" if change.was is None else change.was.value,
            peer=one.peer,
            for_s=one.for_s or 0.0,
            why=one.why,
        )
        yield Event(tick=tick, connection=number, what=what)
        if one.word == Word.STALLED.value:
            yield Event(tick=tick, connection=number, what=Stalled(evidence="window shut"))
