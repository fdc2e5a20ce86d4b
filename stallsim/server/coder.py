"""Encodes frames before they reach the kernel: permessage-deflate (RFC 7692), TLS (RFC 8446), or both in
that order.

A frame is encoded when it is started, not when it is queued. The peer's compression state includes every
message that was compressed, and every TLS record is numbered. So an encoded frame must be sent, and a
message that a policy drops must not have been encoded.
"""

from ..tls import Tls
from ..websocket.server import WebSocketServer
from .frames import payload_of
from .policies import Message


class Coder:
    """Encodes frames, and counts the bytes before and after. ``websocket``: given if messages are
    compressed.
    """

    def __init__(self, tls: Tls | None, websocket: WebSocketServer | None) -> None:
        self._tls, self._websocket = tls, websocket
        self.sealed_bytes = 0
        """Bytes of frames before encoding."""
        self.wire_bytes = 0
        """Bytes after encoding."""

    @property
    def tls_version(self) -> str:
        """The negotiated version of TLS; empty without TLS."""
        return self._tls.version if self._tls else ""

    @property
    def deflates(self) -> bool:
        """Whether permessage-deflate has been agreed on."""
        return self._websocket is not None

    def message(self, message: Message) -> bytes:
        """One message, encoded for the kernel."""
        frame = message.frame
        if self._websocket is not None:
            frame = self._websocket.message(payload_of(frame), binary=True)
        return self._seal(frame, len(message.frame))

    def control(self, frame: bytes) -> bytes:
        """A control frame, encoded but never compressed (RFC 7692 6.1)."""
        return self._seal(frame, len(frame))

    def add(self, words: bytes) -> bytes:
        """Count bytes that TLS itself sends, which are on the wire and belong to no frame."""
        self.wire_bytes += len(words)
        return words

    def _seal(self, frame: bytes, plain_bytes: int) -> bytes:
        self.sealed_bytes += plain_bytes
        return self.add(self._tls.seal(frame) if self._tls else frame)
