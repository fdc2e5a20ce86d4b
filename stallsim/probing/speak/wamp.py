"""``wamp``: the WAMP 2 basic profile in JSON (wamp-proto.org, 'Sessions', 'Publish and Subscribe')."""

from collections.abc import Iterator

from ..messages import ClientMessage
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer, from_json, to_json

_HELLO, _SUBSCRIBE = 1, 32
"""Types of messages that the client sends; it receives 2 WELCOME, 3 ABORT, 8 ERROR and 33 SUBSCRIBED."""


class Wamp(ApplicationProtocol):
    """WAMP 2: joins a realm (realm1 unless another is named), subscribes to a topic."""

    argument = "TOPIC [REALM]"
    subprotocols = ("wamp.2.json",)

    def begin(self) -> Iterator[ClientMessage]:
        _, *realm = self.given.split()
        yield to_json([_HELLO, realm[0] if realm else "realm1", {"roles": {"subscriber": {}}}])

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if self.joined:
            return
        match from_json(content):
            case [2, *_]:
                yield SpokenAnswer(to_json([_SUBSCRIBE, 1, {}, self.given.split()[0]]))
            case [33, 1, *_]:
                self.joined = True
            case [3, details, reason, *_]:
                raise JoinRefused(f"ABORT {reason} {details}")
            case [8, 32, 1, _, reason, *_]:
                raise JoinRefused(f"ERROR {reason}")
