"""``signalr``: ASP.NET Core SignalR's hub protocol in JSON (dotnet/aspnetcore, HubProtocol.md)."""

from collections.abc import Iterator

from ..messages import ClientMessage
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer, from_json

_END = b"\x1e"
"""The end of each message (TransportProtocols.md, record separator)."""
_PING = b'{"type":6}' + _END
_KEEP_ALIVE_S = 15.0


class Signalr(ApplicationProtocol):
    """SignalR: shakes hands for JSON, invokes a hub's method if one is named, sends pings."""

    argument, argument_needed = "[METHOD]", False

    def __init__(self, argument: str, client: str) -> None:
        super().__init__(argument, client)
        self.heartbeat_s = _KEEP_ALIVE_S

    def begin(self) -> Iterator[ClientMessage]:
        yield ClientMessage(b'{"protocol":"json","version":1}' + _END)

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if self.joined:
            return
        answer = from_json(content.partition(_END)[0])
        if isinstance(answer, dict) and "error" in answer:
            raise JoinRefused(str(answer["error"]))
        if isinstance(answer, dict) and "type" not in answer:
            self.joined = True
            if self.given:
                invocation = b'{"type":1,"target":"%b","arguments":[]}' % self.given.encode()
                yield SpokenAnswer(self.wrap(ClientMessage(invocation)))

    def heartbeat(self) -> ClientMessage:
        return ClientMessage(_PING)

    def wrap(self, message: ClientMessage) -> ClientMessage:
        if message.binary or message.content.endswith(_END):
            return message
        return ClientMessage(message.content + _END)
