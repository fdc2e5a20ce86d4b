"""How late this program itself is: a client that seems not to read may only have had no CPU time."""

from collections import deque

import trio

from ...kernel.queues import receive_queue
from ..client.connection import ClientConnection

_EACH_S, _NOTED_S, _KEPT = 0.02, 0.01, 10_000
_NOTED_BYTES = 4096
_BEFORE_S, _AFTER_S = 1.0, 0.1
"""A server may end a client soon after it fails to read in time. So what is noticed in the turn after a lag
may have happened during that lag."""


class OwnLag:
    """Measures the lag from the time when ``run`` is started until it is cancelled."""

    def __init__(self) -> None:
        self._late: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        """When each lag was over, and how long it had lasted."""
        self._unread: dict[ClientConnection, deque[tuple[float, int]]] = {}
        """For each client that is to read everything: when it had not read so many bytes."""

    def reads_everything(self, client: ClientConnection) -> None:
        """From now on look at what that client has not read."""
        self._unread[client] = deque(maxlen=_KEPT)

    async def run(self) -> None:
        """Sleep for a short time again and again, and note how much too late each wake-up was."""
        while True:
            due_s = trio.current_time() + _EACH_S
            await trio.sleep_until(due_s)
            now_s = trio.current_time()
            if now_s - due_s > _NOTED_S:
                self._late.append((now_s, now_s - due_s))
            for client, unread in self._unread.items():
                size = receive_queue(client.sock) if client.alive else 0
                if size > _NOTED_BYTES:
                    unread.append((now_s, size))

    def before(self, at_s: float) -> float:
        """The longest time in which this program did not run, within the second before that moment of
        trio's clock.
        """
        return max((lag_s for over_s, lag_s in self._late if _near(over_s, at_s)), default=0.0)

    def unread_before(self, client: ClientConnection, at_s: float) -> int:
        """The most bytes that the client had not read within that second; 0 where it was not looked at."""
        seen = self._unread.get(client, ())
        return max((size for seen_s, size in seen if _near(seen_s, at_s)), default=0)


def _near(then_s: float, at_s: float) -> bool:
    return at_s - _BEFORE_S <= then_s <= at_s + _AFTER_S
