"""How far a worker's clock is from ours: the exchange with the shortest round trip tells it best."""

from collections import deque
from typing import NamedTuple

_KEPT = 64


class Offset(NamedTuple):
    """A worker's clock minus ours, and by how much that may be wrong at most."""

    seconds: float
    error_s: float


class ClockOffset:
    """One worker's offset, from its last exchanges only, since clocks drift apart."""

    def __init__(self) -> None:
        self._seen: deque[Offset] = deque(maxlen=_KEPT)

    def add(self, asked_s: float, theirs_s: float, answered_s: float) -> None:
        """It read its clock at some moment between our two readings of ours (RFC 5905, section 8)."""
        self._seen.append(Offset(theirs_s - (asked_s + answered_s) / 2, (answered_s - asked_s) / 2))

    @property
    def best(self) -> Offset:
        """The offset of the best exchange, of which there must have been one."""
        return min(self._seen, key=lambda one: one.error_s)
