"""The looks that a verdict is made of, in bounded memory: of a long stall every second, every fourth..."""

from collections.abc import Iterator

from ...timeline.outside import Look

LOOKS_MAX = 3000


class Looks:
    """From the beginning of a stall, in order. The same looks in the same order leave the same ones."""

    def __init__(self, first: Look) -> None:
        self._kept, self._last = [first], first
        self._every, self._count = 1, 0

    @property
    def first(self) -> Look:
        """With which the stall began."""
        return self._kept[0]

    def add(self, seen: Look) -> None:
        """One more."""
        self._last = seen
        self._count += 1
        if self._count % self._every == 0:
            self._kept.append(seen)
        if len(self._kept) > LOOKS_MAX:
            del self._kept[1::2]
            self._every *= 2

    def __iter__(self) -> Iterator[Look]:
        """Those that are kept, and the last one in any case."""
        yield from self._kept
        if self._kept[-1] is not self._last:
            yield self._last
