"""How far a realtime run is behind the wall clock: what is sampled late still bears its tick's number."""

from ..timeline.events import TicksLate

_LATE_S = 0.02
"""Below this it is the scheduler's own jitter."""
_OVER_S = 1.0
"""A stretch is over after so much time without a late tick: a busy machine would fill the events."""


class Lateness:
    """Follows the ticks; a stretch of late ones is reported once it is over."""

    def __init__(self, tick_s: float) -> None:
        self._late_from_s = max(tick_s, _LATE_S)
        self._over_ticks = max(1, round(_OVER_S / tick_s))
        self._first, self._last, self._ticks, self._most_s = 0, 0, 0, 0.0

    def note(self, tick: int, late_s: float) -> TicksLate | None:
        """The stretch that is over by this tick, if any; ``late_s``: how long after its end this is."""
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
