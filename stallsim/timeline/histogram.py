"""A histogram of very many values in little memory: the bounds of each bin are within a sixteenth.

Two histograms add up to that of all their values, wherever these were read.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

_PARTS_BITS = 4
_PARTS = 1 << _PARTS_BITS
"""The number of equal bins between one power of two and the next."""
_PLACE_MAX = 1023

Place = Annotated[int, Meta(ge=0, le=_PLACE_MAX)]
Count = Annotated[int, Meta(ge=0)]


class Histogram(Struct, frozen=True):
    """Counts of whole numbers from 0 on; each number below 32 has a bin of its own."""

    counts: dict[Place, Count] = {}
    """The counts by bin, in order; empty bins are left out."""
    values_sum: Count = 0
    """The exact sum of all values."""

    @classmethod
    def of(cls, values: Iterable[int]) -> "Histogram":
        """A histogram of these values."""
        counts: dict[int, int] = {}
        values_sum = 0
        for value, count in Counter(values).items():  # most of the values are often equal
            at = bin_of(value)
            counts[at] = counts.get(at, 0) + count
            values_sum += value * count
        return cls(dict(sorted(counts.items())), values_sum)

    @property
    def total(self) -> int:
        """The number of values."""
        return sum(self.counts.values())

    def at(self, share: float) -> int | None:
        """The value that this share of all values does not exceed, at most a sixteenth too large; None
        without values.
        """
        left = share * self.total
        for one, count in sorted(self.counts.items()):
            left -= count
            if left <= 0:
                return lower(one + 1) - 1
        return None

    def below(self, value: int) -> int:
        """The number of smaller values; exact if ``value`` is a power of two."""
        most = bin_of(value)
        return sum(count for one, count in self.counts.items() if one < most)


def added(parts: Iterable[Histogram]) -> Histogram:
    """One histogram of all values of the parts."""
    counts: dict[int, int] = {}
    values_sum = 0
    for part in parts:
        values_sum += part.values_sum
        for at, count in part.counts.items():
            counts[at] = counts.get(at, 0) + count
    return Histogram(dict(sorted(counts.items())), values_sum)


def bin_of(value: int) -> int:
    """The number of the bin in which a value is counted."""
    shift = max(0, value.bit_length() - _PARTS_BITS - 1)
    return min(_PLACE_MAX, (shift << _PARTS_BITS) + (value >> shift))


def lower(at: int) -> int:
    """The least value that is counted in a bin."""
    if at < 2 * _PARTS:
        return at
    shift = (at >> _PARTS_BITS) - 1
    return (at - (shift << _PARTS_BITS)) << shift
