"""Thins a long series so that a short one still shows the same picture."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from typing import NamedTuple, TypeVar

from .records import Happening, PhaseEvent
from .sample import Sample

_T = TypeVar("_T")


class MemoryBounds(NamedTuple):
    """The most records of a run that a timeline keeps in memory. A recording keeps all of them."""

    samples: int = 100_000
    """Samples of all connections, about 0.65 KB each."""
    happenings: int = 20_000
    """Phases and events; a phase holds a sample of its own."""
    ended: int = 1_000
    """Connections that have ended."""
    resources: int = 4_000


_PIECE = 1_000
UNLIMITED = MemoryBounds(*[2**62] * len(MemoryBounds._fields))
EVERY_HAPPENING = UNLIMITED._replace(samples=MemoryBounds().samples)


class Thinner:
    """Shortens one series piece by piece, since a lockstep run must not pause for long.

    It proceeds from the first piece to the newest, then starts again with twice the stride.
    """

    def __init__(self) -> None:
        self._stride = 2
        self._at = 1
        self._spares = True
        """Whether ticks at which phases begin are kept: in the first round, at any stride."""

    def shorten(self, series: list[Sample], about: Sequence[Happening]) -> int:
        """Remove samples and return their number; 0 if only a few are left. About 0.5 ms.

        The first and the last sample stay, and those at which phases began, until nothing else is left (a
        phase holds a sample of its own).
        """
        while self._spares or self._stride <= 2 * (series[-1].tick - series[0].tick):
            if self._stride > 2 * (series[-1].tick - series[0].tick):
                self._at, self._stride, self._spares = 1, 2, False
            piece = series[self._at : self._at + _PIECE]
            if self._at + len(piece) == len(series):
                del piece[-1:]
            if not piece:
                self._at, self._stride = 1, 2 * self._stride
                continue
            ticks = spared_ticks(about, piece[0].tick, piece[-1].tick)
            spared = ticks if self._spares and 2 * len(ticks) < len(piece) else set()
            kept = thin(piece, spared, self._stride)
            series[self._at : self._at + len(piece)] = kept
            self._at += len(kept)
            if len(kept) < len(piece):
                return len(piece) - len(kept)
        return 0


def append_thinned(series: list[_T], one: _T, most: int) -> None:
    """Append an item; if there are more than ``most``, remove every second one."""
    series.append(one)
    if len(series) > most:
        del series[1:-1:2]


def spared_ticks(about: Sequence[Happening], first: int, last: int) -> set[int]:
    """The ticks from ``first`` to ``last`` at which phases began, and the tick before each."""
    start, stop = bisect_left(about, first, key=_tick), bisect_right(about, last + 1, key=_tick)
    begun = [one.tick for one in about[start:stop] if isinstance(one, PhaseEvent)]
    return {tick for begin in begun for tick in (begin - 1, begin)}


def thin(piece: Sequence[Sample], spared: Collection[int], stride: int) -> list[Sample]:
    """Of every ``stride`` ticks the sample with the longest queue, and every sample at a tick in
    ``spared``.

    So a peak stays visible however often a series is thinned.
    """
    fullest: dict[int, Sample] = {}
    for sample in piece:
        held = fullest.setdefault(sample.tick // stride, sample)
        if (sample.queue_bytes, sample.outq_bytes) > (held.queue_bytes, held.outq_bytes):
            fullest[sample.tick // stride] = sample
    ticks = {sample.tick for sample in fullest.values()}.union(spared)
    return [sample for sample in piece if sample.tick in ticks]


def _tick(happening: Happening) -> int:
    return happening.tick
