"""Measures how late a realtime run is: a sample that is taken late still has its tick's number."""

from ..timeline.events.kernel import TicksLate

_LATE_S = 0.02
"""Seconds; a smaller delay is the scheduler's jitter."""
_OVER_S = 1.0
"""Seconds without a late tick after which a stretch ends. Without it, a busy machine would fill the
events.
"""


class Lateness:
    """Follows the ticks, and reports a stretch of late ones when it is over."""

    def __init__(self, tick_s: float) -> None:
        self._late_from_s = max(tick_s, _LATE_S)
        self._over_ticks = max(1, round(_OVER_S / tick_s))
        self._first, self._last, self._ticks, self._most_s = 0, 0, 0, 0.0

    def note(self, tick: int, late_s: float) -> TicksLate | None:
        """The stretch that is over by this tick, if any; ``late_s``: the delay of this tick's end."""
        if late_s <= self._late_from_s:
            return self.end() if tick - self._last >= self._over_ticks else None
        if not self._ticks:
            self._first = tick
        self._last = tick
        self._ticks += 1
        self._most_s = max(self._most_s, late_s)
        return None

    def end(self) -> TicksLate | None:
        """The stretch that ends with the run, if any."""
        if not self._ticks:
            return None
        late = TicksLate(first_tick=self._first, ticks=self._ticks, late_s=round(self._most_s, 6))
        self._ticks, self._most_s = 0, 0.0
        return late
