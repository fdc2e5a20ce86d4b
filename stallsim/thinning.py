"""How a long series becomes a short one that still shows the same picture."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from .sample import Sample


class Limits(NamedTuple):
    """How much of a run a timeline keeps in memory. A recording keeps all of it."""

    samples: int = 100_000
    """Over all connections, about 0.65 KB each."""
    happenings: int = 20_000
    """Phases and events; a phase holds a sample of its own."""
    ended: int = 1_000
    """Connections that have ended."""
    resources: int = 4_000


UNLIMITED = Limits(*[2**62] * len(Limits._fields))


def shorten(series: list[Sample], telling: Collection[int], stride: int) -> tuple[list[Sample], int]:
    """The series at a coarser stride, by a quarter shorter or more, and that stride in ticks.

    ``telling`` ticks stay, unless there are so many that they would be most of what is left.
    """
    if len(telling) > len(series) // 4:
        telling = ()
    span = series[-1].tick - series[0].tick
    kept = thin(series, telling, stride)
    while len(kept) > len(series) * 3 // 4 and stride <= span:
        stride *= 2
        kept = thin(kept, telling, stride)
    return kept, stride


def thin(series: Sequence[Sample], telling: Collection[int], stride: int) -> list[Sample]:
    """The first, the last, and of every ``stride`` ticks in between the sample with the longest queue.

    So a peak stays in the picture however often a series is thinned. Every ``telling`` tick stays, too.
    """
    fullest: dict[int, Sample] = {}
    for sample in series[1:-1]:
        held = fullest.setdefault(sample.tick // stride, sample)
        if (sample.queue_bytes, sample.outq_bytes) > (held.queue_bytes, held.outq_bytes):
            fullest[sample.tick // stride] = sample
    ticks = {sample.tick for sample in fullest.values()}.union(telling)
    return [*series[:1], *(sample for sample in series[1:-1] if sample.tick in ticks), *series[1:][-1:]]
