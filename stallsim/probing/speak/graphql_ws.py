"""``graphql-ws``: the subprotocol graphql-transport-ws (github.com/enisdenny/graphql-ws, PROTOCOL.md)."""

from collections.abc import Iterator

from ..messages import ClientMessage
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer, from_json, to_json


class GraphqlWs(ApplicationProtocol):
    """GraphQL over WebSocket: connection_init, its ack, then the subscription; answers pings."""

    argument, argument_needed = "[QUERY]", False
    subprotocols = ("graphql-transport-ws",)

    def begin(self) -> Iterator[ClientMessage]:
        yield to_json({"type": "connection_init"})

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if self.joined and b'"ping"' not in content[:64]:
            return
        match from_json(content):
            case {"type": "connection_ack"} if not self.joined:
                self.joined = True
                if self.given:
                    query = {"type": "subscribe", "id": "1", "payload": {"query": self.given}}
                    yield SpokenAnswer(to_json(query))
            case {"type": "ping"}:
                yield SpokenAnswer(to_json({"type": "pong"}), heartbeat=True)
            case {"type": "error", **rest} if not self.joined:
                raise JoinRefused(str(rest))
