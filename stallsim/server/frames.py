"""Makes the stream's messages: a payload with a stamp at its head, encoded as one frame."""

from wsproto.frame_protocol import FrameProtocol

from ..content import PERIOD_BYTES, Content, content_of
from ..stamp import STAMP_BYTES, Stamp
from .policies import Message


class Frames:
    """Makes numbered messages of one size; the content of each begins where that of the
    one before ended.
    """

    def __init__(self, frame_bytes: int, keys: int = 1, content: Content = Content.RANDOM) -> None:
        payload = payload_bytes(frame_bytes)
        frame = bytes(FrameProtocol(client=False, extensions=[]).send_data(bytes(payload), fin=True))
        self._header, self._size = frame[: len(frame) - payload], payload - STAMP_BYTES
        self._content = content_of(content) * (2 + self._size // PERIOD_BYTES)
        self._keys = keys

    def make(self, number: int, now: float) -> Message:
        """The message with that number, produced at ``now`` (seconds of scenario time)."""
        begin = number * self._size % PERIOD_BYTES
        filler = self._content[begin : begin + self._size]
        frame = self._header + Stamp(number, round(now * 1e6)).pack() + filler
        return Message(number, frame, number % self._keys, now)


def payload_of(frame: bytes) -> bytes:
    """The payload of an unmasked frame (RFC 6455 5.2)."""
    return frame[{126: 4, 127: 10}.get(frame[1], 2) :]


def payload_bytes(frame_bytes: int) -> int:
    """The payload size of an unmasked frame of that size (RFC 6455 5.2).

    Raises ValueError if there is none: a header is 2, 4 or 10 bytes, so no frame has 128, 129 or 65,540 to
    65,545 bytes, and the stamp needs 16.
    """
    for header, shortest, longest in ((2, STAMP_BYTES, 125), (4, 126, 65535), (10, 65536, 2**30)):
        if shortest <= frame_bytes - header <= longest:
            return frame_bytes - header
    raise ValueError(
        f"no WebSocket frame has {frame_bytes} bytes and room for a stamp of {STAMP_BYTES}; allowed "
        "are 18 to 127, 130 to 65539, and 65546 or more"
    )
