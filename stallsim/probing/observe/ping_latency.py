"""The witness's Pings: one at a time, small and few, and how long each waits for its Pong (RFC 6455 5.5.2).

While one is not answered none follows, so a server that never answers is sent one.
"""

from statistics import median

import trio

from ..client.stream_client import StreamClient
from ..measures import Latency

_EACH_S = 0.05
_PONGS_MIN = 3


class PingLatency:
    """Of one websocket, in periods of which each ends with ``turn``."""

    def __init__(self, websocket: StreamClient) -> None:
        self._websocket = websocket
        websocket.on_pong = self._hear
        self.sent = self.heard = 0
        self._asked_s: float | None = None
        """When the Ping that waits was sent, or the period began, if that was later."""
        self._waits: list[float] = []
        self._own_lag_s = 0.0

    @property
    def unwelcome(self) -> bool:
        """Whether the connection ended with the first Ping unanswered: it may have been for that."""
        return self._websocket.ended is not None and self.sent > 0 and not self.heard

    async def run(self) -> None:
        """Ask until the connection has ended."""
        while self._websocket.ended is None:
            if self._asked_s is None:
                self.sent += 1
                self._asked_s = trio.current_time()
                self._websocket.ping(self._payload)
            due_s = trio.current_time() + _EACH_S
            await trio.sleep_until(due_s)
            self._own_lag_s = max(self._own_lag_s, trio.current_time() - due_s)

    def turn(self) -> Latency | None:
        """What was measured since the last turn; None where no Ping was answered, or waited for long."""
        now = trio.current_time()
        waits_s = 0.0 if self._asked_s is None else now - self._asked_s
        waits, own_lag_s = self._waits, self._own_lag_s
        self._waits, self._own_lag_s = [], 0.0
        if self._asked_s is not None:
            self._asked_s = now
        if not self.heard or not (waits or waits_s > _EACH_S):
            return None
        return Latency(
            pongs=len(waits),
            p50_s=round(median(waits), 6) if len(waits) >= _PONGS_MIN else None,
            max_s=round(max([*waits, waits_s]), 6),
            own_lag_s=round(own_lag_s, 6),
        )

    @property
    def _payload(self) -> bytes:
        return b"%d" % self.sent

    def _hear(self, payload: bytes) -> None:
        """A Pong; others than the one that is awaited were not asked for."""
        if self._asked_s is not None and payload == self._payload:
            self.heard += 1
            self._waits.append(trio.current_time() - self._asked_s)
            self._asked_s = None
