"""WebSocket keepalive: the server's Pings, and which of them have been answered."""

from collections import deque

from ..timeline.events.server import PongLate, PongMissing
from ..timeline.events.what import Report


class Keepalive:
    """Numbers the Pings; a Pong answers its own Ping and all before it (RFC 6455 5.5.3)."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._sent = 0
        self._unanswered: deque[tuple[bytes, float]] = deque()
        self._late = 0
        self._latest_s = 0.0

    def ping(self, now: float) -> bytes:
        """The payload of the next Ping; the first unanswered Ping is reported when its successor is
        sent.
        """
        if len(self._unanswered) == 1:
            self._report(PongMissing(ping=self._sent))
        self._sent += 1
        payload = str(self._sent).encode()
        self._unanswered.append((payload, now))
        return payload

    def unanswered_s(self, now: float) -> float | None:
        """Seconds for which the oldest unanswered Ping has waited; None if all have been answered."""
        return now - self._unanswered[0][1] if self._unanswered else None

    def pong(self, payload: bytes, now: float) -> None:
        """Note a Pong; late ones are reported together, once all Pings have been answered."""
        if payload not in [sent for sent, _ in self._unanswered]:
            return  # an unsolicited Pong is allowed and ignored
        if len(self._unanswered) > 1:
            self._latest_s = max(self._latest_s, now - self._unanswered[0][1])
        while self._unanswered.popleft()[0] != payload:
            pass
        if self._latest_s:
            self._late += 1
        if self._late and not self._unanswered:
            self._report(PongLate(pongs=self._late, after_s=round(self._latest_s, 6)))
            self._late, self._latest_s = 0, 0.0
