"""How a long series becomes a short one that still shows the same picture."""

from collections.abc import Collection
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


def thin(series: list[Sample], telling: Collection[int]) -> list[Sample]:
    """The first, the last, and of every two neighbours in between the one with the longer queue.

    So a peak stays in the picture however often a series is thinned. Both stay at a ``telling`` tick.
    """
    kept = series[:1]
    for index in range(1, len(series) - 1, 2):
        pair = series[index : min(index + 2, len(series) - 1)]
        told = [sample for sample in pair if sample.tick in telling]
        kept += told or [max(pair, key=_fullness)]
    return kept + series[1:][-1:]


def _fullness(sample: Sample) -> tuple[int, int]:
    return sample.queue_bytes, sample.outq_bytes
