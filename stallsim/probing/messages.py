"""Messages that a client of a probe sends, and the server's messages that it waits for or answers."""

from msgspec import Struct

CLIENT = "{client}"
"""A placeholder in a URL, a header or a message, replaced by a value of each client's own."""


class ClientMessage(Struct, frozen=True):
    """One message of the stream's protocol."""

    content: bytes
    binary: bool = False
    """Whether a WebSocket message is binary; a text message's content is UTF-8."""

    def named(self, client: str) -> "ClientMessage":
        """The message with the client's own value in place of ``{client}``."""
        return ClientMessage(self.content.replace(CLIENT.encode(), client.encode()), self.binary)


class Pattern(Struct, frozen=True):
    """A pattern that matches messages with exactly this content, or messages that begin with it."""

    content: bytes
    beginning: bool = False

    @classmethod
    def of(cls, written: bytes) -> "Pattern":
        """The pattern for a written text; a text that ends in ``*`` matches beginnings."""
        return cls(written.removesuffix(b"*"), written.endswith(b"*"))

    def matches(self, content: bytes) -> bool:
        """Whether a message with this content matches."""
        return content.startswith(self.content) if self.beginning else content == self.content

    def named(self, client: str) -> "Pattern":
        """The pattern with the client's own value in place of ``{client}``."""
        return Pattern(self.content.replace(CLIENT.encode(), client.encode()), self.beginning)


class Hello(Struct, frozen=True):
    """A message sent once the connection is open, in its turn."""

    message: ClientMessage
    after: Pattern | None = None
    """It waits for such a message of the server."""


class Reply(Struct, frozen=True):
    """An application's heartbeat: the answer to each such message."""

    to: Pattern
    message: ClientMessage


class Repeated(Struct, frozen=True):
    """A message that is sent again and again while the connection lasts."""

    message: ClientMessage
    every_s: float
