"""A client's side of an application's protocol, without a socket: messages come in, messages go out."""

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

import msgspec

from ..messages import ClientMessage


class JoinRefused(Exception):
    """The server has refused to let the client join; the text is the server's own."""


class SpokenAnswer(NamedTuple):
    """What is sent for a message of the server."""

    message: ClientMessage
    heartbeat: bool = False
    """The server has asked for a sign of life. A client that answers no Ping does not answer this either.
    """


class ApplicationProtocol:
    """One client. A subclass says how it joins; the first line of its docstring is shown in lists."""

    argument: ClassVar[str] = ""
    """What follows the name on the command line, as help texts show it; empty: nothing."""
    argument_needed: ClassVar[bool] = True
    """Whether that is required."""
    subprotocols: ClassVar[tuple[str, ...]] = ()
    """Subprotocols for the opening handshake."""

    def __init__(self, argument: str, client: str) -> None:
        """``client``: a value of this client's own, of letters and digits."""
        self.given, self.client = argument, client
        self.joined = False
        """Whether the server has confirmed the join."""
        self.heartbeat_s: float | None = None
        """How often the client must send a heartbeat of its own accord, in seconds; None: never."""

    def resource(self, resource: str) -> str:
        """Path and query of the request, where the protocol prescribes them."""
        return resource

    def begin(self) -> Iterator[ClientMessage]:
        """What is sent as soon as the connection is open."""
        yield from ()

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        """What is sent in answer to a message of the server. Raises JoinRefused."""
        yield from ()

    def heartbeat(self) -> ClientMessage:
        """The client's heartbeat; only where ``heartbeat_s`` is given."""
        raise NotImplementedError

    def wrap(self, message: ClientMessage) -> ClientMessage:
        """A message of the user's, wrapped as the protocol requires."""
        return message


def to_json(value: object) -> ClientMessage:
    """A text message of JSON."""
    return ClientMessage(msgspec.json.encode(value))


def from_json(content: bytes) -> Any:
    """The value; None where it is no JSON."""
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        return None
