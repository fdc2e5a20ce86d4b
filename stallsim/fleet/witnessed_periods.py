"""What the witnesses were given in one period after another, and in the worst five seconds."""

from collections import deque

from msgspec.structs import replace

from ..timeline.fleet.merge import one_after_another
from ..timeline.fleet.witnessed import Witnessed

WINDOW_S = 5.0


class WitnessedPeriods:
    """``add`` each in order; they are put together as they come, so that a long hold takes no memory."""

    def __init__(self) -> None:
        self._together: Witnessed | None = None
        self._window: deque[tuple[float, float]] = deque()
        """Seconds of each of the latest, and bytes that each witness was given in them."""
        self._least: float | None = None

    def add(self, part: Witnessed) -> None:
        """The next period."""
        self._together = one_after_another([self._together, part] if self._together else [part])
        self._window.append((part.seconds, part.bytes_per_s * part.seconds))
        while self._seconds - self._window[0][0] >= WINDOW_S:
            self._window.popleft()
        if self._seconds >= WINDOW_S:
            rate = round(sum(given for _, given in self._window) / self._seconds)
            self._least = rate if self._least is None else min(self._least, rate)

    @property
    def total(self) -> Witnessed:
        """All of them; at least one was added."""
        assert self._together is not None, "each step has a period"
        return replace(self._together, least_bytes_per_s=self._least)

    @property
    def _seconds(self) -> float:
        return sum(seconds for seconds, _ in self._window)
