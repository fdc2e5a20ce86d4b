"""A WebSocket to somebody's server, read only when its owner says so (wsproto on a ``Connection``)."""

from collections.abc import Callable

import trio
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from ...errors import EnvironmentUnfit
from ..address import Address
from ..spec import Target
from .connection import Connection
from .ended import Ended
from .frame_scanner import FrameScanner
from .message_log import MessageLog

READ_BYTES = 65536
_SMALL_READ_BYTES = 4096
_HANDSHAKE_S = 10.0
_SWITCHES, _HEAD_ENDS = b"HTTP/1.1 101", b"\r\n\r\n"


class WebSocketClient:
    """Says what the target wants to hear, answers what it asks, and tapes all messages."""

    def __init__(self, connection: Connection, target: Target, clock: Callable[[], float]) -> None:
        self.connection, self.log, self.pongs = connection, MessageLog(), True
        self.ended: Ended | None = None
        self.pings: list[float] = []
        """When the server asked for a sign of life (its own Pings, and those of the application)."""
        self.last_message_s = clock()
        """When it last read a part of a message."""
        self.on_pong: Callable[[bytes], None] | None = None
        """Hears the payload of each Pong."""
        self.server = ""
        self._target, self._clock = target, clock
        self._websocket = WSConnection(ConnectionType.CLIENT)
        self._extended = False
        """Whether the server has accepted an extension: then all its frames are wsproto's to decode."""
        self._texts: list[str] = []
        hears = self._texts_come if target.replies else None
        self._scanner = FrameScanner(self.log, self._websocket.receive_data, hears)
        self._saying = trio.Lock()

    async def open(self, address: Address) -> None:
        """The opening handshake, then the hello. Raises EnvironmentUnfit where it is refused."""
        request = Request(
            host=address.host_header,
            target=address.resource,
            subprotocols=list(self._target.subprotocols),
            extra_headers=[(key.encode(), value.encode()) for key, value in self._target.headers],
        )
        try:
            with trio.fail_after(_HANDSHAKE_S):
                await self.connection.stream.send_all(self._websocket.send(request))
                behind = await self._shake_hands()
                await self._take(behind)
                for text in self._target.hello:
                    await self.say(TextMessage(data=text))
        except trio.TooSlowError:
            raise EnvironmentUnfit(f"{address.url}: no answer to the opening handshake") from None
        except (trio.BrokenResourceError, RemoteProtocolError, LocalProtocolError) as error:
            raise EnvironmentUnfit(f"{address.url}: the opening handshake failed ({error})") from None

    async def read(self, limit: int = READ_BYTES) -> int:
        """Read once, at most ``limit`` bytes; how many there were. At 0 ``ended`` says how it ended."""
        try:
            data = await self._receive(limit)
            if data:
                await self._take(data)
            else:
                self._end(Ended("fin", self._clock()))
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            self._end(Ended("rst", self._clock()))
            return 0
        except RemoteProtocolError as error:
            self._end(Ended("protocol-error", self._clock(), reason=str(error)))
            return 0
        return len(data)

    def abort(self) -> None:
        """RST, now, by this end."""
        self.connection.abort()
        self._end(Ended("rst", self._clock()))

    async def leave(self) -> None:
        """Close 1000, without waiting for the answer, and the end of TCP."""
        await self.say(CloseConnection(code=1000))
        await trio.aclose_forcefully(self.connection.stream)

    async def _receive(self, limit: int) -> bytes:
        return bytes(await self.connection.stream.receive_some(limit))

    async def _shake_hands(self) -> bytes:
        """Read the answer to the opening handshake; what came behind it are frames."""
        head, behind = b"", b""
        while self._websocket.state is ConnectionState.CONNECTING:
            data = await self._receive(_SMALL_READ_BYTES)
            head += data
            if head.startswith(_SWITCHES) and data:
                end = head.find(_HEAD_ENDS)
                if end < 0:
                    continue
                data, behind = head[: end + len(_HEAD_ENDS)], head[end + len(_HEAD_ENDS) :]
            self._websocket.receive_data(data or None)
            await self._handle_events()
        return behind

    async def _take(self, data: bytes) -> None:
        """What was read behind the opening handshake."""
        before = (self.log.messages, self.log.fed_bytes)
        try:
            if self._extended:
                self._websocket.receive_data(data)
            else:
                self._scanner.feed(data)
        finally:
            if (self.log.messages, self.log.fed_bytes) != before:
                self.last_message_s = self._clock()
        await self._handle_events()
        texts, self._texts = self._texts, []
        for text in texts:
            await self._hear(text)

    async def _handle_events(self) -> None:
        for event in self._websocket.events():
            match event:
                case AcceptConnection():
                    headers = {bytes(key).lower(): bytes(value) for key, value in event.extra_headers}
                    self.server = headers.get(b"server", b"").decode("latin-1")
                    self._extended = bool(event.extensions)
                case RejectConnection():
                    raise RemoteProtocolError(f"the server answered {event.status_code}")
                case TextMessage():
                    self._scanner.take_text(event.data.encode(), finished=event.message_finished)
                case BytesMessage():
                    self.log.feed(event.data, finished=event.message_finished)
                case Ping():
                    self.pings.append(self._clock())
                    if self.pongs:
                        await self.say(event.response())
                case Pong() if self.on_pong is not None:
                    self.on_pong(bytes(event.payload))
                case CloseConnection() if self._websocket.state is ConnectionState.OPEN:
                    raise RemoteProtocolError(event.reason or "it is no frame")  # not the server's Close
                case CloseConnection():
                    self._end(Ended("close", self._clock(), event.code, event.reason or ""))
                    await self.say(event.response())

    async def _hear(self, text: str) -> None:
        """A short text message."""
        answer = self._answer(text)
        if answer is not None:
            self.pings.append(self._clock())
            if self.pongs:
                await self.say(TextMessage(data=answer))

    def _texts_come(self, text: bytes) -> None:
        self._texts.append(text.decode())

    def _answer(self, text: str) -> str | None:
        for pattern, answer in self._target.replies:
            if text == pattern or (pattern.endswith("*") and text.startswith(pattern[:-1])):
                return answer
        return None

    async def say(self, event: Event) -> None:
        """Send, one after another, unless there is nobody left to hear it."""
        try:
            async with self._saying:
                await self.connection.stream.send_all(self._websocket.send(event))
        except (LocalProtocolError, trio.BrokenResourceError, trio.ClosedResourceError):
            return

    def _end(self, ended: Ended) -> None:
        """The first reason counts: after a Close comes a FIN as a matter of course."""
        if self.ended is None:
            self.ended = ended
