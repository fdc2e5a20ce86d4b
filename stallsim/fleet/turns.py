"""When parked clients that sleep and wake are to change: a heap, since there may be very many of them."""

from collections.abc import Iterator
from heapq import heappop, heappush

from .parked._base import Parked


class Turns:
    """Clients that are asleep for a while, then awake for a while, each by its own clock (seconds)."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, bool]] = []
        """When, which descriptor, and whether it sleeps from then on."""
        self._next: dict[int, tuple[float, type[Parked]]] = {}
        """Of each the turn that counts: the kernel gives a closed client's descriptor to the next one."""

    def add(self, fd: int, kind: type[Parked], now_s: float) -> None:
        """A client that is asleep from now on."""
        self._put(fd, kind, now_s + kind.asleep_s, sleeps=False)

    def forget(self, fd: int) -> None:
        """Forget a client whose connection has ended."""
        self._next.pop(fd, None)

    def due(self, now_s: float) -> Iterator[tuple[int, bool]]:
        """The descriptors whose turn has come, and whether each sleeps from then on."""
        while self._heap and self._heap[0][0] <= now_s:
            due_s, fd, sleeps = heappop(self._heap)
            at_s, kind = self._next.get(fd, (None, None))
            if kind is None or at_s != due_s:
                continue
            yield fd, sleeps
            self._put(fd, kind, due_s + (kind.asleep_s if sleeps else kind.awake_s), sleeps=not sleeps)

    def _put(self, fd: int, kind: type[Parked], due_s: float, *, sleeps: bool) -> None:
        self._next[fd] = (due_s, kind)
        heappush(self._heap, (due_s, fd, sleeps))
