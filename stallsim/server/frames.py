"""The stream's messages: one payload, a stamp at its head, encoded as the one frame that carries it."""

import random

from wsproto.frame_protocol import FrameProtocol

from ..stamp import STAMP_BYTES, Stamp
from .policies._base import Message


class Frames:
    """Makes numbered messages of one size. The payload is random, so nothing can compress it away."""

    def __init__(self, frame_bytes: int, keys: int = 1) -> None:
        payload = random.Random(0).randbytes(payload_bytes(frame_bytes))
        frame = bytes(FrameProtocol(client=False, extensions=[]).send_data(payload, fin=True))
        header = len(frame) - len(payload)
        self._header, self._filler = frame[:header], frame[header + STAMP_BYTES :]
        self._keys = keys

    def make(self, number: int, now: float) -> Message:
        """The message of that number, made now (seconds of scenario time)."""
        frame = self._header + Stamp(number, round(now * 1e6)).pack() + self._filler
        return Message(number, frame, number % self._keys, now)


def payload_bytes(frame_bytes: int) -> int:
    """The payload that makes an unmasked frame of that size (RFC 6455 5.2).

    Raises ValueError where there is none: a header is 2, 4 or 10 bytes, so no frame has 128, 129
    or 65,540 to 65,545 bytes, and the stamp needs 16.
    """
    for header, shortest, longest in ((2, STAMP_BYTES, 125), (4, 126, 65535), (10, 65536, 2**30)):
        if shortest <= frame_bytes - header <= longest:
            return frame_bytes - header
    raise ValueError(
        f"no WebSocket frame has {frame_bytes} bytes and room for a stamp of {STAMP_BYTES}; allowed "
        "are 18 to 127, 130 to 65539, and 65546 or more"
    )
