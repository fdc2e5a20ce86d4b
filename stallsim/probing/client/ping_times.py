"""The times of a server's Pings and heartbeats, in bounded memory."""

from collections import deque

_LATEST = 1000


class PingTimes:
    """Times of a monotonic clock, in seconds. The latest thousand are stored, older ones only counted."""

    def __init__(self) -> None:
        self._count = 0
        self._first_s = 0.0
        self._latest: deque[float] = deque(maxlen=_LATEST)

    def append(self, at_s: float) -> None:
        """Add the time of one more Ping or heartbeat."""
        if not self._count:
            self._first_s = at_s
        self._count += 1
        self._latest.append(at_s)

    def __len__(self) -> int:
        return self._count

    @property
    def interval_s(self) -> float | None:
        """Mean seconds between two Pings; None if there were fewer than two."""
        return (self._latest[-1] - self._first_s) / (self._count - 1) if self._count > 1 else None

    def first_since(self, at_s: float) -> float | None:
        """The first stored time that is not before ``at_s``; None if there is none."""
        return next((one for one in self._latest if one >= at_s), None)
