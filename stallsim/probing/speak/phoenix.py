"""``phoenix``: Phoenix channels, serializer 2.0.0 (hexdocs.pm/phoenix, 'Writing a channels client')."""

from collections.abc import Iterator

from ..messages import ClientMessage
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer, from_json, to_json

_VERSION = "vsn=2.0.0"
_HEARTBEAT_S = 30.0
_JOIN = "1"
"""The reference of the join, which the messages of this channel carry, too."""


class Phoenix(ApplicationProtocol):
    """Phoenix channels: joins a topic, sends heartbeats."""

    argument = "TOPIC"

    def __init__(self, argument: str, client: str) -> None:
        super().__init__(argument, client)
        self.heartbeat_s = _HEARTBEAT_S
        self._reference = 1

    def resource(self, resource: str) -> str:
        path, _, query = resource.partition("?")
        path = "/socket/websocket" if path == "/" else path
        return f"{path}?{query if 'vsn=' in query else '&'.join(filter(None, (query, _VERSION)))}"

    def begin(self) -> Iterator[ClientMessage]:
        yield to_json([_JOIN, _JOIN, self.given, "phx_join", {}])

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if self.joined or b"phx_reply" not in content:
            return
        match from_json(content):
            case [_, "1", topic, "phx_reply", {"status": "ok"}] if topic == self.given:
                self.joined = True
            case [_, "1", topic, "phx_reply", {"response": response}] if topic == self.given:
                raise JoinRefused(f"{topic}: {response}")
        yield from ()

    def heartbeat(self) -> ClientMessage:
        self._reference += 1
        return to_json([None, str(self._reference), "phoenix", "heartbeat", {}])
