"""The client's end of a stream protocol, without a socket: bytes come in, events go out.

The owner of the socket passes on what it reads, and sends the bytes that these methods return.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

_HTTP, _SHOWN_BYTES = b"HTTP/", 40


class ProtocolError(Exception):
    """The peer violates the protocol; the text says how."""

    def __init__(self, text: str, code: int = 1002) -> None:
        super().__init__(text)
        self.code = code
        """The WebSocket's status code for this error (RFC 6455 7.4.1)."""


class Opening(NamedTuple):
    """The content of a client's request."""

    host: str
    """The value of the Host field (RFC 9110 7.2)."""
    resource: str
    """Path and query."""
    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    """Subprotocols of the WebSocket (RFC 6455 1.9)."""
    deflate: bool = False
    """Whether permessage-deflate is offered (RFC 7692)."""


class Opened(NamedTuple):
    """The server has accepted the request; its stream follows."""

    server: str
    """The server's name in its answer; empty if there is none."""


class Refused(NamedTuple):
    """The server has answered with another status than the one that begins a stream."""

    status: int


class Messages(NamedTuple):
    """Whole messages, in order."""

    contents: Sequence[bytes]


class Piece(NamedTuple):
    """A part of a message."""

    data: bytes
    finished: bool
    """Whether it is the message's last part."""


class Ping(NamedTuple):
    """The server sends a Ping, and expects a Pong."""

    payload: bytes


class Pong(NamedTuple):
    """The server answers a Ping of this client."""

    payload: bytes


class Closed(NamedTuple):
    """The server ends the stream in the protocol's own way."""

    code: int | None = None
    reason: str = ""


Event = Opened | Refused | Messages | Piece | Ping | Pong | Closed


class Protocol:
    """One connection. No event follows ``Closed``."""

    has_ping: ClassVar[bool] = False
    """Whether either side can send a Ping, which the other answers with a Pong."""
    two_way: ClassVar[bool] = False
    """Whether the client can send messages after its request."""

    def request(self, opening: Opening) -> bytes:
        """The bytes of the client's request."""
        raise NotImplementedError

    def receive(self, data: bytes) -> Iterator[Event]:
        """The events in these bytes; ``b""``: the server has ended its direction (FIN).

        Raises ProtocolError.
        """
        raise NotImplementedError

    def message(self, content: bytes, *, binary: bool) -> bytes:
        """The bytes of one message to the server; only if the protocol is ``two_way``."""
        raise NotImplementedError

    def ping(self, payload: bytes) -> bytes:
        """The bytes of a Ping; only if the protocol ``has_ping``."""
        raise NotImplementedError

    def pong(self, payload: bytes) -> bytes:
        """The bytes of a Pong; only if the protocol ``has_ping``."""
        raise NotImplementedError

    def close(self, code: int | None = None) -> bytes:
        """The bytes that end the stream, or answer its end; none if the end of TCP is enough."""
        return b""


def check_http(answer: bytes) -> None:
    """Raises ProtocolError if these first bytes of an answer are not HTTP (RFC 9112 4), however few have
    come: the line end for which a parser waits may never come.
    """
    if not (answer.startswith(_HTTP) or _HTTP.startswith(answer)):
        raise ProtocolError(f"its answer begins with {answer[:_SHOWN_BYTES]!r}, and not with HTTP/")
