"""What a session says and hears by RFC 6455: opening handshake, control frames, closing handshake."""

import ssl
from contextlib import suppress

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import CloseConnection, Ping, Pong
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from ..timeline import events
from ..tls import Tls
from ..websocket.closing_handshake import ClosingHandshake
from ..websocket.keepalive import Keepalive
from ..websocket.opening_handshake import OpeningHandshake
from .coder import Coder
from .sending import Sending

_TLS_FAILED = 1015
"""The status code that is never sent, and stands for a failure of TLS (RFC 6455 7.4.1)."""


class Dialogue:
    """wsproto's server side over a ``Sending``, within TLS where there is one. It decides when it is
    ``over`` or ``broken``; what becomes of the connection then is for the session.
    """

    def __init__(self, sending: Sending, report: events.Report, tls: Tls | None, *, deflate: bool) -> None:
        self._sending, self._report, self._tls = sending, report, tls
        self._websocket = WSConnection(ConnectionType.SERVER)
        self._opening: OpeningHandshake | None = OpeningHandshake(self._websocket, deflate=deflate)
        self.closing = ClosingHandshake()
        self.keepalive = Keepalive(report)
        self.over = False
        """Nothing more will be said by either side: TCP may end."""
        self.broken = False
        """The peer does not keep to RFC 6455 (7.1.7, _Fail the WebSocket Connection_)."""
        self.peer_finished = False
        """The peer will say nothing more: TLS says so before TCP does."""

    @property
    def open(self) -> bool:
        """Whether the opening handshake is complete."""
        return self._opening is None

    @property
    def takes_messages(self) -> bool:
        """Whether the connection is open and nobody has wished to close it."""
        return self.open and self.closing.since is None

    def receive(self, data: bytes, now: float) -> None:
        """What the peer has said next. Raises OSError where it cannot be answered any more."""
        if self._tls is not None:
            data = self._unseal(self._tls, data)
        if not data:
            return
        if self._opening is not None:
            self._shake_hands(self._opening, data)
        elif not self.closing.answered:
            self._parse(data, now)

    def _shake_hands(self, opening: OpeningHandshake, data: bytes) -> None:
        answer = opening.receive(data)
        if answer.data:
            self._sending.send_uncounted(self._tls.seal(answer.data) if self._tls else answer.data)
        self.over = answer.refused
        if answer.accepted:  # frame bytes are counted from here on
            self._opening = None
            if self._tls or opening.deflates:
                self._sending.coder = Coder(self._tls, self._websocket if opening.deflates else None)

    def _unseal(self, tls: Tls, data: bytes) -> bytes:
        """Its plaintext; what TLS has to answer, an alert or its part of the handshake, is said."""
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
        """The last word of TLS (close_notify), where nothing is left before it."""
        coder = self._sending.coder
        if self._tls is not None and coder is not None and self._sending.empty:
            self._sending.add(coder, self._tls.close_notify())
            with suppress(OSError):  # nobody need hear it: WebSocket's Close has said the same
                self._sending.flush()

    def _parse(self, data: bytes, now: float) -> None:
        try:
            self._websocket.receive_data(data)
            for event in self._websocket.events():
                match event:
                    case Ping():
                        self._control(event.response())
                    case Pong():
                        self.keepalive.pong(bytes(event.payload), now)
                    case CloseConnection():
                        self._close_received(event, now)
        except RemoteProtocolError as error:
            self._break(str(error), 1002)

    def _close_received(self, event: CloseConnection, now: float) -> None:
        state = self._websocket.state
        if state is ConnectionState.OPEN:  # wsproto's own: the peer never said so
            self._break(event.reason or "", int(event.code))
            return
        self._report(events.CloseReceived(code=int(event.code), reason=event.reason or ""))
        self.closing.answer(now)
        if state is ConnectionState.REMOTE_CLOSING:
            self._sending.discard_queue()  # after our Close nothing may follow it
            self._control(event.response())
        self.go_on()

    def _break(self, error: str, code: int) -> None:
        self._report(events.ProtocolError(code=code, error=error))
        self.broken, self.over = self.open, not self.open

    def ping(self, now: float) -> None:
        """Send a Ping, unless the connection is not open yet."""
        if self.open:
            self._control(self.keepalive.ping(now))

    def close(self, code: int, now: float) -> None:
        """Begin the closing handshake: no new message, and a Close behind those that are queued."""
        self.closing.begin(code, now)
        self._report(events.CloseWanted(code=code, queue_bytes=self._sending.queue.total_bytes))

    def go_on(self) -> None:
        """When nothing is left to send: say the Close that waited for this, or, both said, be over."""
        if not self._sending.empty:
            return
        if (wanted := self.closing.take()) is not None:
            self._control(wanted)
        elif self.closing.answered:
            self.over = True

    def _control(self, event: Ping | Pong | CloseConnection) -> None:
        try:
            self._sending.control(self._websocket.send(event))
        except LocalProtocolError:  # a Close has been sent: nothing may follow it (RFC 6455 5.5.1)
            return
