"""The parts that both ends of an open WebSocket share: frames in, events out, by wsproto."""

from collections.abc import Iterator

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import BytesMessage, CloseConnection, Message, TextMessage
from wsproto.events import Event as WsEvent
from wsproto.events import Ping as WsPing
from wsproto.events import Pong as WsPong
from wsproto.frame_protocol import FrameProtocol
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from ..stream_protocol import Closed, Event, Piece, Ping, Pong, ProtocolError

_CLOSE_RECEIVED = frozenset({ConnectionState.REMOTE_CLOSING, ConnectionState.CLOSED})


class Endpoint:
    """One end of a WebSocket. Its methods return the bytes to send: b"" if nothing may be sent any more,
    since nothing follows a Close (RFC 6455 5.5.1).
    """

    def __init__(self, side: ConnectionType) -> None:
        self._side = side
        self._connection = WSConnection(side)

    def _frames(self, data: bytes) -> Iterator[Event]:
        """The events in these bytes, which may begin and end with parts of frames. Raises ProtocolError."""
        try:
            self._connection.receive_data(data)
            yield from self._further()
        except (RemoteProtocolError, LocalProtocolError, UnicodeError) as error:
            raise ProtocolError(str(error)) from None

    def _further(self) -> Iterator[Event]:
        """The remaining events of the bytes that the connection has been given."""
        for event in self._connection.events():
            if (translated := self._translate(event)) is not None:
                yield translated

    def _translate(self, event: WsEvent) -> Event | None:
        match event:
            case Message(data=data):
                content = data.encode() if isinstance(data, str) else bytes(data)
                return Piece(content, event.message_finished)
            case WsPing():
                return Ping(bytes(event.payload))
            case WsPong():
                return Pong(bytes(event.payload))
            case CloseConnection() if self._connection.state in _CLOSE_RECEIVED:
                return Closed(int(event.code), event.reason or "")
            case CloseConnection():  # wsproto generates this event; the peer never sent it
                raise ProtocolError(event.reason or "it is no frame", int(event.code))
            case _:
                return None

    def message(self, content: bytes, *, binary: bool) -> bytes:
        """One message, in one frame."""
        return self._send(BytesMessage(data=content) if binary else TextMessage(data=content.decode()))

    def ping(self, payload: bytes) -> bytes:
        """A Ping."""
        return self._send(WsPing(payload=payload))

    def pong(self, payload: bytes) -> bytes:
        """A Pong, also if a Close came after the Ping in one read, when wsproto would send none."""
        if self._connection.state is ConnectionState.REMOTE_CLOSING:
            client = self._side is ConnectionType.CLIENT
            return bytes(FrameProtocol(client=client, extensions=[]).pong(payload))
        return self._send(WsPong(payload=payload))

    def close(self, code: int | None = None, reason: str | None = None) -> bytes:
        """This end's Close, be it the first or the answer."""
        return self._send(CloseConnection(code=1000 if code is None else code, reason=reason))

    def _send(self, event: WsEvent) -> bytes:
        try:
            return self._connection.send(event)
        except LocalProtocolError:
            return b""
