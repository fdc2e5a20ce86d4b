"""A client's side of a stream protocol, without a socket: bytes come in, events go out.

Whoever owns the socket passes on what it reads, and sends what these methods return.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

_HTTP, _SHOWN_BYTES = b"HTTP/", 40


class ProtocolError(Exception):
    """The peer does not keep to the protocol; the text says in what."""

    def __init__(self, text: str, code: int = 1002) -> None:
        super().__init__(text)
        self.code = code
        """Of the WebSocket's status codes, the one for it (RFC 6455 7.4.1)."""


class Opening(NamedTuple):
    """What a client's request says."""

    host: str
    """As the Host field has it (RFC 9110 7.2)."""
    resource: str
    """Path and query."""
    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    """Of the WebSocket (RFC 6455 1.9)."""
    deflate: bool = False
    """Whether permessage-deflate is offered (RFC 7692)."""


class Opened(NamedTuple):
    """The server has accepted the request: what follows is its stream."""

    server: str
    """What it calls itself; empty where it does not."""


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
    """It is the message's last."""


class Ping(NamedTuple):
    """The server asks for a sign of life."""

    payload: bytes


class Pong(NamedTuple):
    """The server answers a Ping of ours."""

    payload: bytes


class Closed(NamedTuple):
    """The server says that nothing more will come, in the protocol's own way."""

    code: int | None = None
    reason: str = ""


Event = Opened | Refused | Messages | Piece | Ping | Pong | Closed


class Protocol:
    """One connection. After ``Closed`` nothing more comes of it."""

    has_ping: ClassVar[bool] = False
    """Whether either side can ask the other for a sign of life."""
    two_way: ClassVar[bool] = False
    """Whether the client can send messages after its request."""

    def request(self, opening: Opening) -> bytes:
        """What begins it."""
        raise NotImplementedError

    def receive(self, data: bytes) -> Iterator[Event]:
        """What these bytes come to; ``b""``: the server has ended its direction (FIN).

        Raises ProtocolError.
        """
        raise NotImplementedError

    def message(self, content: bytes, *, binary: bool) -> bytes:
        """One message to the server; only where it is ``two_way``."""
        raise NotImplementedError

    def ping(self, payload: bytes) -> bytes:
        """Ask for a sign of life; only where it ``has_ping``."""
        raise NotImplementedError

    def pong(self, payload: bytes) -> bytes:
        """Give one; only where it ``has_ping``."""
        raise NotImplementedError

    def close(self, code: int | None = None) -> bytes:
        """Say that nothing more will come, or answer that; nothing where the end of TCP says it."""
        return b""


def check_http(answer: bytes) -> None:
    """Raises ProtocolError where these first bytes of an answer begin no HTTP (RFC 9112 4), however many of
    them have come: there may never be the end of line that a parser waits for.
    """
    if not (answer.startswith(_HTTP) or _HTTP.startswith(answer)):
        raise ProtocolError(f"its answer begins with {answer[:_SHOWN_BYTES]!r}, and not with HTTP/")
