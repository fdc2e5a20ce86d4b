"""A client's side of an application's protocol, without a socket: messages come in, messages go out."""

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

import msgspec

from ..messages import ClientMessage


class JoinRefused(Exception):
    """The server has refused to let the client join; the text is the server's own."""


class SpokenAnswer(NamedTuple):
    """The client's answer to a message of the server."""

    message: ClientMessage
    heartbeat: bool = False
    """Whether the message was a heartbeat. A client that answers no Ping does not answer it either."""


class ApplicationProtocol:
    """One client. A subclass defines how it joins; the first line of its docstring is shown in lists."""

    argument: ClassVar[str] = ""
    """The argument after the name, as help texts show it; empty: there is none."""
    argument_needed: ClassVar[bool] = True
    """Whether the argument is required."""
    subprotocols: ClassVar[tuple[str, ...]] = ()
    """Subprotocols for the opening handshake."""

    def __init__(self, argument: str, client: str) -> None:
        """``client``: a value of this client's own, of letters and digits."""
        self.given, self.client = argument, client
        self.joined = False
        """Whether the server has confirmed the join."""
        self.heartbeat_s: float | None = None
        """Seconds between two heartbeats that the client must send without being asked; None: it sends
        none.
        """

    def resource(self, resource: str) -> str:
        """Path and query of the request, as the protocol requires them."""
        return resource

    def begin(self) -> Iterator[ClientMessage]:
        """The messages that the client sends as soon as the connection is open."""
        yield from ()

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        """The client's answers to a message of the server. Raises JoinRefused."""
        yield from ()

    def heartbeat(self) -> ClientMessage:
        """The client's heartbeat; called only if ``heartbeat_s`` is set."""
        raise NotImplementedError

    def wrap(self, message: ClientMessage) -> ClientMessage:
        """The user's message, wrapped as the protocol requires."""
        return message


def to_json(value: object) -> ClientMessage:
    """A text message of JSON."""
    return ClientMessage(msgspec.json.encode(value))


def from_json(content: bytes) -> Any:
    """The decoded value; None if ``content`` is not JSON."""
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        return None
