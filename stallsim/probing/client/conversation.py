"""What a client has to say so that it is given the stream, and what it answers: no socket, no clock."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from ..messages import Message
from ..spec import Target


class Answer(NamedTuple):
    """What is sent for a message of the server."""

    message: Message
    heartbeat: bool
    """The server has asked for a sign of life: who answers no Ping does not answer this either."""


class Conversation:
    """One client's. ``joined``: all that had to be said has been."""

    def __init__(self, target: Target) -> None:
        self._hello, self._replies = deque(target.hello), target.replies

    @property
    def joined(self) -> bool:
        """Whether the client waits for nothing any more before it says the next thing."""
        return not self._hello

    @property
    def listens(self) -> bool:
        """Whether any message of the server can still lead to one of the client's."""
        return bool(self._replies or self._hello)

    def begin(self) -> Iterator[Message]:
        """What is sent as soon as the connection is open."""
        yield from self._hello_until_it_waits()

    def receive(self, content: bytes) -> Iterator[Answer]:
        """What is sent for a message of the server."""
        if self._hello and (wanted := self._hello[0].after) is not None and wanted.matches(content):
            yield Answer(self._hello.popleft().message, heartbeat=False)
            for message in self._hello_until_it_waits():
                yield Answer(message, heartbeat=False)
        for reply in self._replies:
            if reply.to.matches(content):
                yield Answer(reply.message, heartbeat=True)
                return

    def _hello_until_it_waits(self) -> Iterator[Message]:
        while self._hello and self._hello[0].after is None:
            yield self._hello.popleft().message
