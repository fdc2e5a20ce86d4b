"""Whether opening handshakes wait and none is answered: seen after a second, once a standstill. Pure."""

from ..timeline.fleet.clients import HeldCount

WAITS_S = 1.0


class WaitingHandshakes:
    """``look`` at each tally in order of time."""

    def __init__(self) -> None:
        self._known, self._since_s, self._seen = (-1, -1), 0.0, False

    def look(self, now_s: float, tally: HeldCount) -> float | None:
        """For how long none was answered, where that has become a second; else None."""
        done = tally.parked + tally.ended_count + tally.unopened_count + tally.lost
        known = tally.wanted, done  # since more were ordered, or since one was decided
        if known != self._known or not tally.connecting:
            self._known, self._since_s, self._seen = known, now_s, False
        waited_s = now_s - self._since_s
        if self._seen or waited_s < WAITS_S:
            return None
        self._seen = True
        return waited_s
