"""A parked client while it joins: what it sends to be given the stream, and what it waits for.

Between its opening handshake and the moment at which it parks it has a scanner of frames and the
application's protocol (``probing.client.conversation``); both are dropped then.
"""

from collections.abc import Iterable, Sequence

from wsproto.frame_protocol import FrameProtocol

from ..probing.client.conversation import Conversation
from ..probing.messages import ClientMessage
from ..probing.spec import Target
from ..websocket.frame_scanner import FrameScanner


def joins(target: Target) -> bool:
    """Whether a client has anything to send or to wait for behind its opening handshake."""
    return bool(target.hello or target.speak)


class ClientJoining:
    """One client's."""

    def __init__(self, target: Target, name: str) -> None:
        """``name``: what stands for ``{client}``."""
        self._conversation = Conversation(target, name)
        self._frames = FrameProtocol(client=True, extensions=[])
        self._scanner = FrameScanner(self, self._ignore)
        self._out: list[bytes] = []
        self._content = b""

    @property
    def over(self) -> bool:
        """It has sent everything, and waits for nothing more."""
        return self._conversation.joined

    def begin(self) -> bytes:
        """What is sent as soon as the connection is open."""
        return self._sent(self._conversation.begin())

    def receive(self, data: bytes) -> bytes:
        """What is sent for that. Raises JoinRefused, ProtocolError."""
        self._scanner.feed(data)
        out, self._out = b"".join(self._out), []
        return out

    def add(self, messages: Sequence[bytes]) -> None:
        """Whole messages, from the scanner."""
        for content in messages:
            self._out.append(self._sent(one.message for one in self._conversation.receive(content)))

    def feed(self, piece: bytes, *, finished: bool) -> None:
        """A part of a message, from the scanner."""
        self._content += piece
        if finished:
            content, self._content = self._content, b""
            self.add([content])

    def take_ping(self, payload: bytes) -> None:
        """Answered while it joins; once it is parked, nothing is."""
        self._out.append(bytes(self._frames.pong(payload)))

    def take_pong(self, payload: bytes) -> None:
        """None was asked for."""

    def _ignore(self, frame: bytes) -> None:
        """A Close: the end of TCP that follows is what is counted."""

    def _sent(self, messages: Iterable[ClientMessage]) -> bytes:
        contents = (one.content if one.binary else one.content.decode() for one in messages)
        return b"".join(bytes(self._frames.send_data(content)) for content in contents)
