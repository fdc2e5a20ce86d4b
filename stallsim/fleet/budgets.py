"""How much those parked clients may read that read a little: so many bytes in all, or so many a second."""

from collections.abc import Iterator

from .parked._base import Parked

_REFILL_S = 0.5


class ReadingBudgets:
    """By descriptor, of those clients alone that read a little; times are of one clock."""

    def __init__(self, now_s: float) -> None:
        self._left: dict[int, float] = {}
        self._rates: dict[int, int] = {}
        """In bytes a second, of those that go on reading."""
        self._filled_s = now_s

    def add(self, fd: int, kind: type[Parked]) -> None:
        """A client of that kind, which may read everything or nothing as well: then it has no budget."""
        if kind.reads_more_bytes:
            self._left[fd] = kind.reads_more_bytes
        if kind.rate_bytes_per_s:
            self._rates[fd] = kind.rate_bytes_per_s

    def forget(self, fd: int) -> None:
        """Forget a client whose connection has ended."""
        self._left.pop(fd, None)
        self._rates.pop(fd, None)

    def left(self, fd: int) -> int | None:
        """Bytes that it may read; None: it has no budget."""
        left = self._left.get(fd)
        return None if left is None else int(left)

    def spend(self, fd: int, count: int) -> bool:
        """It has read so many bytes; whether it may read no more by now."""
        self._left[fd] -= count
        return self._left[fd] < 1

    def due(self, now_s: float) -> Iterator[int]:
        """Those that may read again, each half second; never more than what a second allows."""
        elapsed_s = now_s - self._filled_s
        if elapsed_s < _REFILL_S:
            return
        self._filled_s = now_s
        for fd, rate in list(self._rates.items()):
            self._left[fd] = min(self._left.get(fd, 0.0) + elapsed_s * rate, float(rate))
            if self._left[fd] >= 1:
                yield fd
