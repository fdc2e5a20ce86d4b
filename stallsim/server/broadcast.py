"""One stream for everybody: each message is encoded once and offered to every session in order."""

import random
from collections import deque
from collections.abc import Sequence

from wsproto.frame_protocol import FrameProtocol

from ..stamp import STAMP_BYTES, Stamp
from .policies._base import Message
from .session import Session


class Broadcast:
    """The stream's one producer. A session that answers *wait* holds it, and with it all others."""

    def __init__(self, frame_bytes: int, sessions: Sequence[Session], keys: int = 1) -> None:
        self._sessions, self._keys = sessions, keys
        payload = random.Random(0).randbytes(payload_bytes(frame_bytes))
        frame = bytes(FrameProtocol(client=False, extensions=[]).send_data(payload, fin=True))
        header = len(frame) - len(payload)
        self._header, self._filler = frame[:header], frame[header + STAMP_BYTES :]
        self._made = 0
        self._pending: Message | None = None
        self._remaining: deque[Session] = deque()

    @property
    def waiting(self) -> bool:
        """Whether the producer is being made to wait."""
        return self._pending is not None

    def produce(self, now: float) -> None:
        """Make this tick's message, unless the producer still waits with an earlier one."""
        if self._pending is None:
            frame = self._header + Stamp(self._made, round(now * 1e6)).pack() + self._filler
            self._pending = Message(self._made, frame, self._made % self._keys, now)
            self._made += 1
            self._remaining.extend(self._sessions)
        self.resume(now)

    def resume(self, now: float) -> bool:
        """Offer the pending message to those who have not had it; whether anything was admitted."""
        if self._pending is None:
            return False
        before = len(self._remaining)
        while self._remaining:
            if not self._remaining[0].offer(self._pending, now):
                return len(self._remaining) < before
            self._remaining.popleft()
        self._pending = None
        return True


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
