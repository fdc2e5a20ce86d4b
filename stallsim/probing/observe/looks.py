"""The looks from which a stall is judged, in bounded memory: of a long stall only every second look is
kept, then every fourth, and so on.
"""

from collections.abc import Iterator

from ...timeline.outside import Look

LOOKS_MAX = 3000


class Looks:
    """The looks of one stall, in order. Which of them are kept depends only on their number and order."""

    def __init__(self, first: Look) -> None:
        self._kept, self._last = [first], first
        self._every, self._count = 1, 0

    @property
    def first(self) -> Look:
        """The look at which the stall began."""
        return self._kept[0]

    def add(self, seen: Look) -> None:
        """Add the next look."""
        self._last = seen
        self._count += 1
        if self._count % self._every == 0:
            self._kept.append(seen)
        if len(self._kept) > LOOKS_MAX:
            del self._kept[1::2]
            self._every *= 2

    def __iter__(self) -> Iterator[Look]:
        """The kept looks, and in any case the latest one."""
        yield from self._kept
        if self._kept[-1] is not self._last:
            yield self._last
