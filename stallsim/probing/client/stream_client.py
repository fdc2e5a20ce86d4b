"""A client of the server: one of the protocols on one connection. It reads only when ``read`` is called."""

from collections.abc import Callable, Iterable

import trio

from ...errors import EnvironmentUnfit
from ...stream_protocol import (
    Closed,
    Event,
    Messages,
    Opened,
    Opening,
    Piece,
    Ping,
    Pong,
    ProtocolError,
    Refused,
)
from ..address import Address
from ..messages import ClientMessage, Repeated
from ..protocols import PROTOCOLS
from ..secrets import Secrets, shown_url
from ..speak import JoinRefused
from ..spec import Target
from .client_name import named, new_client_name
from .connection import ClientConnection, NotReady, OtherProtocol
from .conversation import Conversation
from .eager_stream import READ_BYTES
from .ended import Ended
from .message_log import MessageLog
from .outbox import ClientOutbox
from .ping_times import PingTimes

_SMALL_READ_BYTES = 4096
HANDSHAKE_S = 10.0
_LAST_ANSWER_S = 0.1
_BEGIN_BYTES = 16
_PASSING_STATUSES = frozenset({404, 408, 425, 429, 500, 502, 503, 504})
"""HTTP status codes by which a proxy or the server states that it is not ready (RFC 9110 15)."""
_PASSING_CODES = frozenset({1001, 1011, 1012, 1013})
"""Status codes of a Close frame with the same meaning (RFC 6455 7.4 and its registry)."""
_LOOKED_AT_BYTES = 65536
"""Bytes at the beginning of a message that decide on an answer; a longer message is no heartbeat."""


class StreamClient:
    """Sends the messages that the target requires, answers the server's, and logs everything received."""

    def __init__(
        self, connection: ClientConnection, target: Target, address: Address, clock: Callable[[], float]
    ) -> None:
        self.connection, self.log, self.pongs = connection, MessageLog(), True
        self.protocol = PROTOCOLS.find(address.protocol)()
        self.outbox = ClientOutbox(connection.stream)
        self.ended: Ended | None = None
        self.pings = PingTimes()
        """The times of the server's Pings and of its application's heartbeats."""
        self.joined_s = self.last_message_s = clock()
        """The time when part of a message was last read; before that, the time of joining."""
        self.on_pong: Callable[[bytes], None] | None = None
        """Called with the payload of each Pong."""
        self.server = ""
        self.taken_bytes = 0
        """Bytes read from the kernel; over TLS, after decryption."""
        client = new_client_name()
        self._target, self._address = named(target, address, client)
        self._secrets = Secrets(self._target, self._address)
        self._clock = clock
        self._conversation = Conversation(self._target, client)
        self._open = False
        self._content = b""

    async def open(self, limit_s: float = HANDSHAKE_S) -> None:
        """Send the request, read the answer to it, and send the first messages. Raises NotReady,
        EnvironmentUnfit.
        """
        opening = Opening(
            host=self._address.host_header,
            resource=self._conversation.resource(self._address.resource),
            headers=self._target.headers,
            subprotocols=self._conversation.subprotocols,
            deflate=self._target.deflate,
        )
        try:
            with trio.fail_after(limit_s):
                self.outbox.put(self.protocol.request(opening))
                while True:
                    await self.outbox.send_waiting()
                    if self._open and self._conversation.joined:
                        return
                    self._check_goes_on()
                    await self.read(_SMALL_READ_BYTES)
        except trio.TooSlowError:
            what = "message that the client waits for" if self._open else "answer to the opening handshake"
            raise NotReady(f"{shown_url(self._address)}: no {what} within {limit_s:g} s") from None
        except JoinRefused as refused:
            raise EnvironmentUnfit(
                f"{shown_url(self._address)}: the server does not let the client join: "
                f"{self._secrets.masked(str(refused))}"
            ) from None

    def _check_goes_on(self) -> None:
        if self.ended is None:
            return
        code, reason = self.ended.code, self.ended.reason or f"the connection ended: {self.ended.how}"
        closed = "" if code is None else f"closed with {code}: "
        line = f"{shown_url(self._address)}: the opening handshake failed ({closed}{reason})"
        if self.ended.how == "protocol-error" and not self._open:
            raise OtherProtocol(line, self.ended.begin)
        if self.ended.how == "close" and code not in _PASSING_CODES:
            raise EnvironmentUnfit(line)
        raise NotReady(line)

    async def read(self, limit: int = READ_BYTES) -> int:
        """Read once, at most ``limit`` bytes, and return their number. After a 0, ``ended`` states how the
        connection ended.
        """
        try:
            data = bytes(await self.connection.stream.receive_some(limit))
            for event in self.protocol.receive(data):
                self._take(event)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            self._end(Ended("rst", self._clock()))
            return 0
        except ProtocolError as error:
            begin = data[:_BEGIN_BYTES]
            self._end(
                Ended("protocol-error", self._clock(), reason=self._secrets.masked(str(error)), begin=begin)
            )
            return 0
        self.taken_bytes += len(data)
        if not data:
            self._end(Ended("fin", self._clock()))
        return len(data)

    async def send_and_answer(self) -> None:
        """Send the bytes of the outbox and the repeated messages, until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.outbox.run)
            nursery.start_soon(self._give_signs_of_life)
            if self._target.repeated is not None:
                nursery.start_soon(self._repeat, self._target.repeated)

    async def answer_the_end(self) -> None:
        """Give the kernel a moment to accept the answer to the server's Close."""
        with trio.move_on_after(_LAST_ANSWER_S):
            await self.outbox.drained()

    def send(self, message: ClientMessage) -> None:
        """Send one message, after the bytes that wait already."""
        self.outbox.put(self.protocol.message(message.content, binary=message.binary))

    def ping(self, payload: bytes) -> None:
        """Send a Ping."""
        self.outbox.put(self.protocol.ping(payload))

    def abort(self) -> None:
        """Send RST now, from this end."""
        self.connection.abort()
        self._end(Ended("rst", self._clock()))

    def _take(self, event: Event) -> None:
        match event:
            case Messages():
                self.last_message_s = self._clock()
                self.log.add(event.contents)
                if self._conversation.listens:
                    for content in event.contents:
                        self._answer(content)
            case Piece():
                self._take_piece(event)
            case Ping():
                self.pings.append(self._clock())
                if self.pongs and self.outbox.has_room:
                    self.outbox.put(self.protocol.pong(event.payload))
            case Pong():
                if self.on_pong is not None:
                    self.on_pong(event.payload)
            case Opened():
                self.server, self._open = self._secrets.masked(event.server), True
                self._send_all(self._conversation.begin())
            case Refused():
                error = NotReady if event.status in _PASSING_STATUSES else EnvironmentUnfit
                reason = f"the server answered {event.status}"
                raise error(f"{shown_url(self._address)}: the opening handshake failed ({reason})")
            case Closed():
                reason = self._secrets.masked(event.reason)
                self._end(Ended("close", self._clock(), event.code, reason))
                self.outbox.put(self.protocol.close(event.code))

    def _take_piece(self, piece: Piece) -> None:
        self.last_message_s = self._clock()
        self.log.feed(piece.data, finished=piece.finished)
        if not self._conversation.listens:
            return
        self._content = (self._content + piece.data)[:_LOOKED_AT_BYTES]
        if not piece.finished:
            return
        content, self._content = self._content, b""
        self._answer(content)

    def _answer(self, content: bytes) -> None:
        for answer in self._conversation.receive(content):
            if answer.heartbeat:
                self.pings.append(self._clock())
            if self.pongs or not answer.heartbeat:
                self.send(answer.message)

    def _send_all(self, messages: Iterable[ClientMessage]) -> None:
        for message in messages:
            self.send(message)

    async def _repeat(self, repeated: Repeated) -> None:
        """Send the next message only when the kernel has accepted all of the one before."""
        while True:
            await self.outbox.drained()
            self.send(self._conversation.wrap(repeated.message))
            await trio.sleep(repeated.every_s)

    async def _give_signs_of_life(self) -> None:
        """Send the application's heartbeats. A client that answers no Pings sends no heartbeats either."""
        while (every_s := self._conversation.heartbeat_s) is not None:
            await trio.sleep(every_s)
            if self.pongs and self.outbox.has_room:
                self.send(self._conversation.heartbeat())

    def _end(self, ended: Ended) -> None:
        """Record how the connection ended; only the first call counts, since a FIN follows every Close."""
        if self.ended is None:
            self.ended = ended
