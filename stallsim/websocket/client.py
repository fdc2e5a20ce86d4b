"""The client's side: by wsproto, but for the frames of plain messages, which are many."""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Message,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.events import Event as WsEvent
from wsproto.events import Ping as WsPing
from wsproto.events import Pong as WsPong
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import FrameProtocol
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from ..stream_protocol import (
    Closed,
    Event,
    Messages,
    Opened,
    Opening,
    Piece,
    Ping,
    Pong,
    Protocol,
    ProtocolError,
    Refused,
)
from .frame_scanner import FrameScanner

_INTERIM = re.compile(rb"HTTP/1\.1 1(?!01)\d\d[ \r\n]")
_SWITCHES, _HTTP = b"HTTP/1.1 101", b"HTTP/"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_HEAD_BYTES_MAX = 65536


class WebSocketClient(Protocol):
    """A client's side of a WebSocket."""

    has_ping = two_way = True
    deflate: ClassVar[type[PerMessageDeflate]] = PerMessageDeflate
    """What it offers where compression is wanted."""

    def __init__(self) -> None:
        self._connection = WSConnection(ConnectionType.CLIENT)
        self._scanner = FrameScanner(self, self._decode)
        self._head = b""
        self._extended = False
        """Whether the server has accepted an extension: then all its frames are wsproto's to decode."""
        self._events: list[Event] = []

    def request(self, opening: Opening) -> bytes:
        """The opening handshake (RFC 6455 4.1)."""
        return self._send(
            Request(
                host=opening.host,
                target=opening.resource,
                subprotocols=list(opening.subprotocols),
                extensions=[self.deflate()] if opening.deflate else [],
                extra_headers=[(name.encode(), value.encode()) for name, value in opening.headers],
            )
        )

    def receive(self, data: bytes) -> Iterator[Event]:
        if not data:  # an end of TCP without a Close is none of the protocol's
            return
        try:
            self._take(data)
        except (RemoteProtocolError, LocalProtocolError, UnicodeError) as error:
            yield from self._events
            raise ProtocolError(str(error)) from None
        events, self._events = self._events, []
        yield from events

    def _take(self, data: bytes) -> None:
        if self._connection.state is ConnectionState.CONNECTING:
            data = self._take_head(data)
        if self._extended:
            self._decode(data)
        elif data:
            self._scanner.feed(data)

    def _take_head(self, data: bytes) -> bytes:
        """The answer to the opening handshake; what came behind it are frames.

        It is looked at once it is whole. Interim answers (100, 103) come before it (RFC 9110 15.2).
        """
        self._head += data
        while end := _HEAD_END.search(self._head):
            head, behind = self._head[: end.end()], self._head[end.end() :]
            if _INTERIM.match(head):
                self._head = behind
                continue
            self._head = b""
            if not head.startswith(_SWITCHES):  # the body of a refusal belongs to it
                head, behind = head + behind, b""
            self._decode(head)
            return behind
        if len(self._head) > _HEAD_BYTES_MAX:
            raise RemoteProtocolError(f"its answer has a head of more than {_HEAD_BYTES_MAX:,} bytes")
        if not (_HTTP.startswith(self._head) or self._head.startswith(_HTTP)):
            self._decode(self._head)
        return b""

    def _decode(self, data: bytes) -> None:
        """By wsproto: the opening handshake, control frames, frames that an extension has changed."""
        self._connection.receive_data(data)
        for event in self._connection.events():
            if (translated := self._translate(event)) is not None:
                self._events.append(translated)

    def add(self, messages: Sequence[bytes]) -> None:
        """Whole messages, from the scanner."""
        self._events.append(Messages(messages))

    def feed(self, piece: bytes, *, finished: bool) -> None:
        """A part of a message, from the scanner."""
        self._events.append(Piece(piece, finished))

    def take_ping(self, payload: bytes) -> None:
        """From the scanner."""
        self._events.append(Ping(payload))

    def take_pong(self, payload: bytes) -> None:
        """From the scanner."""
        self._events.append(Pong(payload))

    def _translate(self, event: WsEvent) -> Event | None:
        match event:
            case Message():
                data = event.data
                return Piece(
                    data.encode() if isinstance(data, str) else bytes(data), event.message_finished
                )
            case WsPing():
                return Ping(bytes(event.payload))
            case WsPong():
                return Pong(bytes(event.payload))
            case AcceptConnection():
                fields = {bytes(name).lower(): bytes(value) for name, value in event.extra_headers}
                self._extended = bool(event.extensions)
                return Opened(fields.get(b"server", b"").decode("latin-1"))
            case RejectConnection():
                return Refused(event.status_code)
            case CloseConnection() if self._connection.state is not ConnectionState.OPEN:
                return Closed(event.code, event.reason or "")
            case CloseConnection():  # not the server's Close
                raise RemoteProtocolError(event.reason or "it is no frame")
            case _:  # the body of a refusal
                return None

    def message(self, content: bytes, *, binary: bool) -> bytes:
        return self._send(BytesMessage(data=content) if binary else TextMessage(data=content.decode()))

    def ping(self, payload: bytes) -> bytes:
        return self._send(WsPing(payload=payload))

    def pong(self, payload: bytes) -> bytes:
        """Also where a Close came behind the Ping in one read: wsproto would not answer it any more."""
        if self._connection.state is ConnectionState.REMOTE_CLOSING:
            return bytes(FrameProtocol(client=True, extensions=[]).pong(payload))
        return self._send(WsPong(payload=payload))

    def close(self, code: int | None = None) -> bytes:
        return self._send(CloseConnection(code=1000 if code is None else code))

    def _send(self, event: WsEvent) -> bytes:
        """Nothing where the connection is over: there is nobody left to send to."""
        try:
            return self._connection.send(event)
        except LocalProtocolError:
            return b""
