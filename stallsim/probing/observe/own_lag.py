"""How late this program itself is: a client that seems not to read may only have had no CPU time."""

from collections import deque

import trio

_EACH_S, _NOTED_S, _KEPT = 0.02, 0.01, 10_000
_BEFORE_S, _AFTER_S = 1.0, 0.1
"""A server may end a client soon after it fails to read in time. So what is noticed in the turn after a lag
may have happened during that lag."""


class OwnLag:
    """Measures the lag from the time when ``run`` is started until it is cancelled."""

    def __init__(self) -> None:
        self._late: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        """When each lag was over, and how long it had lasted."""

    async def run(self) -> None:
        """Sleep for a short time again and again, and note how much too late each wake-up was."""
        while True:
            due_s = trio.current_time() + _EACH_S
            await trio.sleep_until(due_s)
            now_s = trio.current_time()
            if now_s - due_s > _NOTED_S:
                self._late.append((now_s, now_s - due_s))

    def before(self, at_s: float) -> float:
        """The longest time in which this program did not run, within the second before that moment of
        trio's clock.
        """
        near = [lag_s for over_s, lag_s in self._late if at_s - _BEFORE_S <= over_s <= at_s + _AFTER_S]
        return max(near, default=0.0)
