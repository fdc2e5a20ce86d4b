"""The messages that a client sends to receive the stream, and its answers to messages of the server. The
module uses no socket and no clock.
"""

from collections import deque
from collections.abc import Iterator

from ..messages import ClientMessage
from ..speak import ApplicationProtocol, SpokenAnswer, find_application_protocol
from ..spec import Target


class Conversation:
    """The messages of one client, in order: first those of the application's protocol, then the user's
    own.
    """

    def __init__(self, target: Target, client: str) -> None:
        self._protocol = (
            ApplicationProtocol("", client)
            if target.speak is None
            else find_application_protocol(target.speak, client)
        )
        if target.speak is None:
            self._protocol.joined = True
        self._hello, self._replies = deque(target.hello), target.replies
        self.subprotocols = target.subprotocols or self._protocol.subprotocols
        self._goes_on = target.speak is not None

    @property
    def joined(self) -> bool:
        """Whether the client has sent all its first messages and waits for no message of the server."""
        return self._protocol.joined and not self._hello

    @property
    def listens(self) -> bool:
        """Whether a message of the server can still make the client send one."""
        return bool(self._goes_on or self._replies or self._hello)

    @property
    def heartbeat_s(self) -> float | None:
        """Seconds between two heartbeats that the client sends without being asked; None: it sends none."""
        return self._protocol.heartbeat_s

    def heartbeat(self) -> ClientMessage:
        """The message that the client sends as its heartbeat."""
        return self._protocol.heartbeat()

    def wrap(self, message: ClientMessage) -> ClientMessage:
        """The user's message, wrapped as the application's protocol requires."""
        return self._protocol.wrap(message)

    def resource(self, resource: str) -> str:
        """Path and query of the request, as the application's protocol requires."""
        return self._protocol.resource(resource)

    def begin(self) -> Iterator[ClientMessage]:
        """The messages that the client sends as soon as the connection is open."""
        yield from self._protocol.begin()
        yield from self._next_messages()

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        """The messages that the client sends in answer to one of the server. Raises JoinRefused."""
        had_joined = self._protocol.joined
        yield from self._protocol.receive(content)
        if not self._protocol.joined:
            return
        after = self._hello[0].after if self._hello else None
        if after is not None and after.matches(content):
            yield SpokenAnswer(self.wrap(self._hello.popleft().message))
        if after is not None or not had_joined:
            for message in self._next_messages():
                yield SpokenAnswer(message)
        for reply in self._replies:
            if reply.to.matches(content):
                yield SpokenAnswer(reply.message, heartbeat=True)
                return

    def _next_messages(self) -> Iterator[ClientMessage]:
        """The next user messages that need no message of the server before them."""
        while self._protocol.joined and self._hello and self._hello[0].after is None:
            yield self.wrap(self._hello.popleft().message)
