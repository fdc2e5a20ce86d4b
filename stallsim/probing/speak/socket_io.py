"""``socket.io``: Socket.IO 5 over Engine.IO 4 (socket.io, docs/socket.io-protocol/v5-current)."""

from collections.abc import Iterator

from ..messages import ClientMessage
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer
from ._engine_io import PING, PONG, engine_resource, is_open

_CONNECT, _CONNECTED, _REFUSED, _EVENT = b"40", b"40", b"44", b"42"


class SocketIo(ApplicationProtocol):
    """Socket.IO 5: connects to a namespace, answers the pings of Engine.IO."""

    argument, argument_needed = "[NAMESPACE]", False

    def resource(self, resource: str) -> str:
        return engine_resource(resource, "/socket.io/")

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if content == PING:
            yield SpokenAnswer(ClientMessage(PONG), heartbeat=True)
        elif self.joined:
            return
        elif is_open(content):
            yield SpokenAnswer(ClientMessage(_CONNECT + self._namespace))
        elif content.startswith(_CONNECTED + self._namespace):
            self.joined = True
        elif content.startswith(_REFUSED):
            raise JoinRefused(content.decode(errors="replace"))

    @property
    def _namespace(self) -> bytes:
        name = self.given.encode()
        return b"/%b," % name.strip(b"/") if name.strip(b"/") else b""

    def wrap(self, message: ClientMessage) -> ClientMessage:
        """A JSON array, ``["subscribe", "prices"]``, is an event; anything else is sent as it is."""
        if message.binary or not message.content.startswith(b"["):
            return message
        return ClientMessage(_EVENT + self._namespace + message.content)
