"""Measures how late this program itself runs: a client that seems not to read may only lack CPU time."""

from collections import deque

import trio

from ...kernel.queues import receive_queue
from ..client.connection import ClientConnection

_EACH_S, _NOTED_S, _KEPT = 0.02, 0.01, 10_000
_NOTED_BYTES = 4096
_BEFORE_S = 1.0
"""A lag counts for an event at most this long after it: a server may end a client soon after the lag."""
_AFTER_S = 0.1
"""A lag that is noticed this long after an event counts, too, since it may have begun before the event."""


class OwnLag:
    """Measures the lag while ``run`` is running."""

    def __init__(self) -> None:
        self._late: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        """The end of each lag, and its length, in seconds."""
        self._unread: dict[ClientConnection, deque[tuple[float, int]]] = {}
        """For each client that is to read everything: times and numbers of its unread bytes, if there were
        many.
        """

    def reads_everything(self, client: ClientConnection) -> None:
        """From now on watch the unread bytes of that client."""
        self._unread[client] = deque(maxlen=_KEPT)

    async def run(self) -> None:
        """Sleep for a short time repeatedly, and record how much too late each wake-up was."""
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
        """The longest time in which this program did not run, within ``_BEFORE_S`` before ``at_s`` (trio's
        clock).
        """
        return max((lag_s for over_s, lag_s in self._late if _near(over_s, at_s)), default=0.0)

    def unread_before(self, client: ClientConnection, at_s: float) -> int:
        """The most unread bytes of the client within ``_BEFORE_S`` before ``at_s``; 0 if they were not
        watched.
        """
        seen = self._unread.get(client, ())
        return max((size for seen_s, size in seen if _near(seen_s, at_s)), default=0)


def _near(then_s: float, at_s: float) -> bool:
    return at_s - _BEFORE_S <= then_s <= at_s + _AFTER_S
