"""``actioncable``: Rails' Action Cable, actioncable-v1-json (docs.anycable.io, 'Action Cable protocol')."""

from collections.abc import Iterator

import msgspec

from ..messages import ClientMessage
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer, from_json, to_json


class Actioncable(ApplicationProtocol):
    """Action Cable: subscribes to a channel. Its server's pings ask for no answer."""

    argument = "CHANNEL"
    subprotocols = ("actioncable-v1-json", "actioncable-unsupported")

    def resource(self, resource: str) -> str:
        return "/cable" if resource == "/" else resource

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if self.joined:
            return
        match from_json(content):
            case {"type": "welcome"}:
                yield SpokenAnswer(to_json({"command": "subscribe", "identifier": self._identifier}))
            case {"type": "confirm_subscription"}:
                self.joined = True
            case {"type": "reject_subscription" | "disconnect" as what, **rest}:
                raise JoinRefused(f"{what}: {rest.get('reason', rest.get('identifier', ''))}")

    @property
    def _identifier(self) -> str:
        """JSON within JSON: a channel's name, or an object with its parameters."""
        if self.given.startswith("{"):
            return self.given
        return msgspec.json.encode({"channel": self.given}).decode()

    def wrap(self, message: ClientMessage) -> ClientMessage:
        """The message as data for the channel, unless it is a command."""
        if message.binary or b'"command"' in message.content:
            return message
        data = message.content.decode()
        return to_json({"command": "message", "identifier": self._identifier, "data": data})
