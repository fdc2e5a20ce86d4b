"""``engine-io``: Engine.IO 4, the layer below Socket.IO (socket.io, docs/engine.io-protocol/v4-current)."""

from collections.abc import Iterator

from ..messages import ClientMessage
from ._base import ApplicationProtocol, SpokenAnswer
from ._engine_io import MESSAGE, PING, PONG, engine_resource, is_open


class EngineIo(ApplicationProtocol):
    """Engine.IO 4: waits for the server's open packet, answers its pings."""

    def resource(self, resource: str) -> str:
        return engine_resource(resource, "/engine.io/")

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if content == PING:
            yield SpokenAnswer(ClientMessage(PONG), heartbeat=True)
        elif is_open(content):
            self.joined = True

    def wrap(self, message: ClientMessage) -> ClientMessage:
        """A text is a message packet; binary data is sent as it is."""
        return message if message.binary else ClientMessage(MESSAGE + message.content)
