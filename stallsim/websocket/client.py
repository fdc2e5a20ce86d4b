"""The client's end of a WebSocket, by wsproto except for the frames of plain messages, which are many."""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from wsproto import ConnectionType
from wsproto.connection import ConnectionState
from wsproto.events import AcceptConnection, RejectConnection, Request
from wsproto.events import Event as WsEvent
from wsproto.extensions import PerMessageDeflate

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
    check_http,
)
from .endpoint import Endpoint
from .frame_scanner import FrameScanner

_INTERIM = re.compile(rb"HTTP/1\.1 1(?!01)\d\d[ \r\n]")
_SWITCHES = b"HTTP/1.1 101"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_HEAD_BYTES_MAX = 65536


class WebSocketClient(Endpoint, Protocol):
    """The client's end of a WebSocket."""

    has_ping = two_way = True
    deflate: ClassVar[type[PerMessageDeflate]] = PerMessageDeflate
    """The extension that is offered if compression is wanted."""

    def __init__(self) -> None:
        super().__init__(ConnectionType.CLIENT)
        self._scanner = FrameScanner(self, self._decode)
        self._head = b""
        self._extended = False
        """Whether the server has accepted an extension; wsproto then decodes all its frames."""
        self._events: list[Event] = []
        self._closed = False
        """Whether the server's Close has come."""

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
        if not data or self._closed:  # an end of TCP without a Close is no event of the protocol
            return
        fault: ProtocolError | None = None
        try:
            self._take(data)
        except ProtocolError as error:
            fault = error
        events, self._events = self._events, []
        for event in events:
            yield event
            if isinstance(
                event, Closed
            ):  # bytes after a Close do not belong to the stream (RFC 6455 5.5.1)
                self._closed = True
                return
        if fault is not None:
            raise fault

    def _take(self, data: bytes) -> None:
        if self._connection.state is ConnectionState.CONNECTING:
            data = self._take_head(data)
        if self._extended:
            self._decode(data)
        elif data:
            self._scanner.feed(data)

    def _take_head(self, data: bytes) -> bytes:
        """Take the answer to the opening handshake, and return the bytes after it, which are frames.

        The answer is parsed once it is whole. Interim answers (100, 103) come before it (RFC 9110 15.2).
        """
        self._head += data
        check_http(self._head)
        while end := _HEAD_END.search(self._head):
            head, behind = self._head[: end.end()], self._head[end.end() :]
            if _INTERIM.match(head):
                self._head = behind
                check_http(behind)
                continue
            self._head = b""
            if not head.startswith(_SWITCHES):  # the body of a refusal belongs to it
                head, behind = head + behind, b""
            self._decode(head)
            return behind
        if len(self._head) > _HEAD_BYTES_MAX:
            raise ProtocolError(f"its answer has a head of more than {_HEAD_BYTES_MAX:,} bytes")
        return b""

    def _decode(self, data: bytes) -> None:
        """Decode by wsproto: the opening handshake, control frames, and frames that an extension has
        changed.
        """
        self._events.extend(self._frames(data))

    def add(self, messages: Sequence[bytes]) -> None:
        """Receive whole messages from the scanner."""
        self._events.append(Messages(messages))

    def feed(self, piece: bytes, *, finished: bool) -> None:
        """Receive a part of a message from the scanner."""
        self._events.append(Piece(piece, finished))

    def take_ping(self, payload: bytes) -> None:
        """Receive a Ping from the scanner."""
        self._events.append(Ping(payload))

    def take_pong(self, payload: bytes) -> None:
        """Receive a Pong from the scanner."""
        self._events.append(Pong(payload))

    def _translate(self, event: WsEvent) -> Event | None:
        match event:
            case AcceptConnection():
                fields = {bytes(name).lower(): bytes(value) for name, value in event.extra_headers}
                self._extended = bool(event.extensions)
                return Opened(fields.get(b"server", b"").decode("latin-1"))
            case RejectConnection():
                return Refused(event.status_code)
            case _:  # for example the body of a refusal, which is ignored
                return super()._translate(event)
