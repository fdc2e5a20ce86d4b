"""The parts of RFC 6455 that a session handles besides its stream: both handshakes, Pings and Pongs."""

import ssl
from contextlib import suppress

from ..stream_protocol import Closed, Event, Ping, Pong, ProtocolError
from ..timeline.events import server as server_events
from ..timeline.events.server import CloseReceived, CloseWanted
from ..timeline.events.what import Report
from ..tls import Tls
from ..websocket.closing_handshake import ClosingHandshake
from ..websocket.keepalive import Keepalive
from ..websocket.server import Accepted, Declined, WebSocketServer
from .coder import Coder
from .sending import Sending

_TLS_FAILED = 1015
"""The status code that is never sent and stands for a failure of TLS (RFC 6455 7.4.1)."""


class Dialogue:
    """A WebSocket's server end over a ``Sending``, within TLS if there is one. It decides when it is
    ``over`` or ``broken``; the session then acts on the connection.
    """

    def __init__(self, sending: Sending, report: Report, tls: Tls | None, *, deflate: bool) -> None:
        self._sending, self._report, self._tls = sending, report, tls
        self._websocket = WebSocketServer(deflate=deflate)
        self.open = False
        """Whether the opening handshake is complete."""
        self.closing = ClosingHandshake()
        self.keepalive = Keepalive(report)
        self.over = False
        """Whether neither side will send anything more, so that TCP may end."""
        self.broken = False
        """Whether the peer violated RFC 6455 (7.1.7, _Fail the WebSocket Connection_)."""
        self.peer_finished = False
        """Whether the peer will send nothing more; TLS shows that before TCP does."""

    @property
    def takes_messages(self) -> bool:
        """Whether the connection is open and neither side has begun to close it."""
        return self.open and self.closing.since is None

    def receive(self, data: bytes, now: float) -> None:
        """Process the peer's next bytes. Raises OSError if they cannot be answered any more."""
        if self._tls is not None:
            data = self._unseal(self._tls, data)
        if not data:
            return
        try:
            for event in self._websocket.receive(data):
                self._take(event, now)
        except ProtocolError as error:
            self._break(str(error), error.code)

    def _take(self, event: Accepted | Declined | Event, now: float) -> None:
        match event:
            case Accepted(answer):
                self._answer_request(answer)
                self.open = True  # frame bytes are counted from here on
                deflates = self._websocket.deflates
                if self._tls or deflates:
                    self._sending.coder = Coder(self._tls, self._websocket if deflates else None)
            case Declined(answer):
                self._answer_request(answer)
                self.over = True
            case Ping(payload):
                self._control(self._websocket.pong(payload))
            case Pong(payload):
                self.keepalive.pong(payload, now)
            case Closed(int(code), reason):
                self._close_received(code, reason, now)
            case _:
                pass  # a client's messages mean nothing to this server

    def _answer_request(self, answer: bytes) -> None:
        self._sending.send_uncounted(self._tls.seal(answer) if self._tls else answer)

    def _unseal(self, tls: Tls, data: bytes) -> bytes:
        """Decrypt bytes, and send what TLS has to answer: an alert, or its part of the handshake."""
        plain, problem = b"", None
        try:
            plain = tls.unseal(data)
        except ssl.SSLError as error:
            problem = error
        if words := tls.outgoing():
            coder = self._sending.coder
            self._sending.add(coder, words) if coder else self._sending.send_uncounted(words)
        if problem is not None:
            self._break(f"TLS: {problem.reason or problem}", _TLS_FAILED)
        self.peer_finished = tls.closed
        return plain

    def part(self) -> None:
        """Send TLS's close_notify, if no bytes wait before it."""
        coder = self._sending.coder
        if self._tls is not None and coder is not None and self._sending.empty:
            self._sending.add(coder, self._tls.close_notify())
            with suppress(OSError):  # it is not needed after the WebSocket's Close
                self._sending.flush()

    def _close_received(self, code: int, reason: str, now: float) -> None:
        self._report(CloseReceived(code=code, reason=reason))
        self.closing.answer(now)
        if answer := self._websocket.close(code, reason):
            self._sending.discard_queue()  # no message may follow the server's Close
            self._control(answer)
        self.go_on()

    def _break(self, error: str, code: int) -> None:
        self._report(server_events.ProtocolError(code=code, error=error))
        self.broken, self.over = self.open, not self.open

    def ping(self, now: float) -> None:
        """Send a Ping, unless the connection is not open yet."""
        if self.open:
            self._control(self._websocket.ping(self.keepalive.ping(now)))

    def close(self, code: int, now: float) -> None:
        """Begin the closing handshake: admit no new message, and send a Close after those
        that are queued.
        """
        self.closing.begin(code, now)
        self._report(CloseWanted(code=code, queue_bytes=self._sending.queue.total_bytes))

    def go_on(self) -> None:
        """When nothing is left to send, send the waiting Close; if both sides have sent theirs, be over."""
        if not self._sending.empty:
            return
        if (wanted := self.closing.take()) is not None:
            self._control(self._websocket.close(wanted))
        elif self.closing.answered:
            self.over = True

    def _control(self, frame: bytes) -> None:
        if frame:
            self._sending.control(frame)
