"""A WebSocket on a ClientEnd, for the clients that decide themselves when to read."""

from ..stream_protocol import Closed, Messages, Opened, Opening, Piece, Ping, ProtocolError
from ..timeline.events.client import CloseIgnored
from ..tls import Tls
from ..websocket.client import WebSocketClient
from ._base import ClientEnd

READ_BYTES = 65536


def first_bytes(end: ClientEnd) -> bytes:
    """The first bytes of a client: its ClientHello over TLS, else its request."""
    if (tls := _tls(end)) is not None:
        tls.unseal(b"")
        return tls.outgoing()
    return WebSocketClient().request(_opening(end))


def _tls(end: ClientEnd) -> Tls | None:
    return Tls(end.context, end.address[0]) if end.context else None


def _opening(end: ClientEnd) -> Opening:
    host, port = end.address
    return Opening(host=f"{host}:{port}", resource="/", deflate=end.deflate)


class RawWebSocket:
    """A WebSocket whose owner alone calls ``recv``. Over TLS, bytes are counted as they come from the
    kernel; ``feed`` decrypts them.

    ``pongs``: it answers Pings. ``close_reply``: it answers the server's Close.
    """

    def __init__(self, end: ClientEnd, *, pongs: bool = True, close_reply: bool = True) -> None:
        self.end, self._pongs, self._close_reply = end, pongs, close_reply
        self._tls = _tls(end)
        self._websocket = WebSocketClient()

    async def open(self) -> None:
        """Complete the opening handshake (RFC 6455 4.1); returns in the client's first turn."""
        if self._tls is not None:
            await self._secure(self._tls)
        await self._send(self._websocket.request(_opening(self.end)))
        while not self.end.opened.is_set():
            await self.end.turn()
            data = self.end.recv(READ_BYTES)
            if data is None:
                continue
            if not data:
                raise ConnectionError("the server ended the connection within the opening handshake")
            for event in self._websocket.receive(self._unseal(data)):
                match event:
                    case Opened():
                        self.end.open()
                    case _:
                        raise ConnectionError(f"the server answered the handshake with {event!r}")
        await self.end.until(0)

    async def _secure(self, tls: Tls) -> None:
        """Complete the handshake of TLS, also in turns."""
        data: bytes | None = b""
        while not tls.version:
            tls.unseal(data or b"")
            await self.end.send(tls.outgoing())
            if not tls.version:
                await self.end.turn()
                data = self.end.recv(READ_BYTES)
                if data == b"":
                    raise ConnectionError("the server ended the connection within the handshake of TLS")

    def _unseal(self, data: bytes) -> bytes:
        return self._tls.unseal(data) if self._tls else data

    async def _send(self, data: bytes) -> None:
        if data:
            await self.end.send(self._tls.seal(data) if self._tls else data)

    async def feed(self, data: bytes) -> int:
        """Parse bytes that were read, answer Pings and Close; return the payload bytes of messages in
        them.
        """
        payload, plain = 0, self._unseal(data)
        if not plain:
            return 0  # a part of a record, or a message of TLS itself
        try:
            for event in self._websocket.receive(plain):
                match event:
                    case Messages(contents):
                        for content in contents:
                            payload += len(content)
                            self.end.received(content, finished=True)
                    case Piece(content, finished):
                        payload += len(content)
                        self.end.received(content, finished=finished)
                    case Ping(content) if self._pongs:
                        await self._send(self._websocket.pong(content))
                    case Closed(code):
                        self.end.sees_end("close", code=code)
                        if self._close_reply:
                            await self._send(self._websocket.close(code))
                        else:
                            self.end.report(CloseIgnored())
                    case _:
                        pass
        except ProtocolError:
            await self.close(1002)
        return payload

    async def read_all(self) -> bool:
        """Read until the kernel has no more bytes; False once the connection has ended."""
        while data := self.end.recv(READ_BYTES):
            await self.feed(data)
        return data is None

    async def read_until(self, tick: int) -> bool:
        """Read everything as it comes, until that tick; False once the connection has ended."""
        while self.end.tick < tick:
            if not await self.read_all():
                return False
            await self.end.turn()
        return True

    async def close(self, code: int) -> None:
        """Send a masked Close without a reason, as a browser does; nothing if one was sent before (RFC
        6455 5.5.1).
        """
        await self._send(self._websocket.close(code))

    async def leave(self, code: int = 1001) -> None:
        """Complete the closing handshake: Close, the server's answer, end of TCP."""
        await self.close(code)
        while await self.read_all():
            await self.end.turn()
        self.end.close()

    async def leave_at_once(self, code: int = 1001) -> None:
        """Leave as a closed tab: Close, and TCP ends without the answer (RST if bytes are unread)."""
        await self.close(code)
        self.end.end_abruptly()
