"""Between a frame and the kernel: permessage-deflate (RFC 7692), TLS (RFC 8446), or both in that order.

A frame passes when it is started, not when it is queued: the peer's window follows every message that
was compressed, and every record is numbered, so what has passed must be sent, and what a policy drops
must not have passed.
"""

from ..tls import Tls
from ..websocket.server import WebSocketServer
from .frames import payload_of
from .policies import Message


class Coder:
    """Seals frames, and counts what goes in and what comes out. ``websocket``: where it compresses."""

    def __init__(self, tls: Tls | None, websocket: WebSocketServer | None) -> None:
        self._tls, self._websocket = tls, websocket
        self.sealed_bytes = 0
        """Of frames that went in, as they were produced."""
        self.wire_bytes = 0
        """That came out."""

    @property
    def tls_version(self) -> str:
        """The version of TLS that was negotiated; empty without TLS."""
        return self._tls.version if self._tls else ""

    @property
    def deflates(self) -> bool:
        """Whether permessage-deflate has been agreed on."""
        return self._websocket is not None

    def message(self, message: Message) -> bytes:
        """One message, as the kernel is to have it."""
        frame = message.frame
        if self._websocket is not None:
            frame = self._websocket.message(payload_of(frame), binary=True)
        return self._seal(frame, len(message.frame))

    def control(self, frame: bytes) -> bytes:
        """A control frame: never compressed (RFC 7692 6.1)."""
        return self._seal(frame, len(frame))

    def add(self, words: bytes) -> bytes:
        """What TLS itself says in between: on the wire, and no part of any frame."""
        self.wire_bytes += len(words)
        return words

    def _seal(self, frame: bytes, plain_bytes: int) -> bytes:
        self.sealed_bytes += plain_bytes
        return self.add(self._tls.seal(frame) if self._tls else frame)
