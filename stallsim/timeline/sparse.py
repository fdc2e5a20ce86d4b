"""Selects the samples of a small recording: one tick of many, but every peak of a queue and every event."""

from collections.abc import Iterator

from .records import Header, Record, RecordingEnd
from .sample import Sample

_PEAKS = ("queue_bytes", "outq_bytes", "rcvq_bytes", "held_bytes")


class Sparse:
    """Passes records on: every record except samples at once.

    Of each connection's samples within ``every`` ticks, it passes on those with the largest count of each
    queue, the one with the smallest window, and the last. These are held back until the ticks are over.
    """

    def __init__(self, every: int) -> None:
        self._every = every
        self._stretch = 0
        self._held: dict[int, dict[str, Sample]] = {}

    def clear(self) -> None:
        """Forget the records that were held back."""
        self._held.clear()
        self._stretch = 0

    def pass_on(self, record: Record) -> Iterator[Record]:
        """The records to write now that ``record`` has come."""
        match record:
            case Sample():
                stretch = record.tick // self._every
                if stretch != self._stretch:
                    yield from self.release()
                    self._stretch = stretch
                self._hold(record)
            case Header():
                yield record
            case RecordingEnd():
                yield from self.release()
                yield record
            case _:
                yield record

    def _hold(self, now: Sample) -> None:
        held = self._held.get(now.connection)
        if held is None:
            self._held[now.connection] = dict.fromkeys((*_PEAKS, "window", "last"), now)
            return
        held["last"] = now
        for field in _PEAKS:
            if getattr(now, field) > getattr(held[field], field):
                held[field] = now
        if now.snd_wnd_bytes < held["window"].snd_wnd_bytes:
            held["window"] = now

    def release(self) -> Iterator[Sample]:
        """Return all records that are held back."""
        for held in self._held.values():
            chosen = {sample.tick: sample for sample in held.values()}
            yield from (chosen[tick] for tick in sorted(chosen))
        self._held.clear()
