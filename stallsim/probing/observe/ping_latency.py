"""Measures how long each of the witness's Pings waits for its Pong (RFC 6455 5.5.2).

The next Ping is sent only after the Pong to the one before, so a server that never answers gets one Ping.
"""

from statistics import median, quantiles
from typing import NamedTuple

import trio

from ...timeline.probed.measures import Latency
from ..client.stream_client import StreamClient

_EACH_S = 0.05
_PONGS_MIN, _PERCENTILES_MIN = 3, 20


class Waits(NamedTuple):
    """The measurements of one period, in seconds."""

    answered: list[float]
    """The time from each Ping to its Pong."""
    waiting_s: float
    """For how long an unanswered Ping has waited at the end of the period; 0 if there is none."""
    own_lag_s: float
    """The longest time for which this program did not run."""

    @property
    def longest_s(self) -> float:
        """The longest wait, including that of an unanswered Ping."""
        return max([*self.answered, self.waiting_s])


class PingLatency:
    """Measures the Pings of one WebSocket, in periods that ``turn`` or ``latency`` ends."""

    def __init__(self, stream_client: StreamClient, *, carries: bool = False) -> None:
        """``carries``: a wait that began in an earlier period counts from its Ping, not from the period's
        beginning.
        """
        self._stream_client, self._carries = stream_client, carries
        stream_client.on_pong = self._pong_came
        self.sent = self.answered_pings = 0
        self._sent_s: float | None = None
        """When the unanswered Ping was sent, or when the period began if waits are not carried over."""
        self._waits: list[float] = []
        self._own_lag_s = 0.0

    @property
    def unwelcome(self) -> bool:
        """Whether the connection ended before its first Ping was answered: the Ping may have been the
        reason.
        """
        return self._stream_client.ended is not None and self.sent > 0 and not self.answered_pings

    async def run(self) -> None:
        """Send Pings until the connection has ended."""
        while self._stream_client.ended is None:
            if self._sent_s is None:
                self.sent += 1
                self._sent_s = trio.current_time()
                self._stream_client.ping(self._payload)
            due_s = trio.current_time() + _EACH_S
            await trio.sleep_until(due_s)
            self._own_lag_s = max(self._own_lag_s, trio.current_time() - due_s)

    def turn(self) -> Waits:
        """The measurements since the last turn."""
        now_s = trio.current_time()
        waiting_s = 0.0 if self._sent_s is None else now_s - self._sent_s
        waits = Waits(self._waits, waiting_s, self._own_lag_s)
        self._waits, self._own_lag_s = [], 0.0
        if self._sent_s is not None and not self._carries:
            self._sent_s = now_s
        return waits

    def latency(self) -> Latency | None:
        """The latency since the last turn; None if no Ping has been answered yet, or if no Ping was
        answered in this period and none waited for long.
        """
        waits = self.turn()
        answered = waits.answered
        if not self.answered_pings or not (answered or waits.waiting_s > _EACH_S):
            return None
        many = len(answered) >= _PERCENTILES_MIN
        return Latency(
            pongs=len(answered),
            p50_s=round(median(answered), 6) if len(answered) >= _PONGS_MIN else None,
            p99_s=round(quantiles(answered, n=100)[98], 6) if many else None,
            max_s=round(waits.longest_s, 6),
            own_lag_s=round(waits.own_lag_s, 6),
        )

    @property
    def _payload(self) -> bytes:
        return b"%d" % self.sent

    def _pong_came(self, payload: bytes) -> None:
        """Record a Pong. One that answers no Ping of this client is ignored (unsolicited Pongs are
        allowed).
        """
        if self._sent_s is not None and payload == self._payload:
            self.answered_pings += 1
            self._waits.append(trio.current_time() - self._sent_s)
            self._sent_s = None
