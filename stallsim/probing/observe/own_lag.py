"""How late this program itself is: whoever seems not to read may only have had no CPU."""

from collections import deque

import trio

_EACH_S, _NOTED_S, _KEPT = 0.02, 0.01, 10_000
_BEFORE_S, _AFTER_S = 1.0, 0.1
"""A server ends who does not read in time soon; what is noticed in the turn in which a lag ends
may have happened during it."""


class OwnLag:
    """Measured from when it runs, until cancelled."""

    def __init__(self) -> None:
        self._late: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        """When each was over, and how long it was."""

    async def run(self) -> None:
        """Wake again and again, and note by how much that was too late."""
        while True:
            due_s = trio.current_time() + _EACH_S
            await trio.sleep_until(due_s)
            now_s = trio.current_time()
            if now_s - due_s > _NOTED_S:
                self._late.append((now_s, now_s - due_s))

    def before(self, at_s: float) -> float:
        """The longest time in the second before that moment of trio's clock in which this program stood."""
        near = [lag_s for over_s, lag_s in self._late if at_s - _BEFORE_S <= over_s <= at_s + _AFTER_S]
        return max(near, default=0.0)
