"""The messages that one client received, in bounded memory: digests, sizes, marks, and byte chunks.

The mark of a message is its content; of a long message, only its beginning and its end.
"""

from array import array
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate

from .byte_chunks import ByteChunks

HEAD_BYTES, TAIL_BYTES = 192, 64
"""Bytes at both ends of a message that are searched for a number and for the client's name."""
CUT = b"\0"
"""Separates beginning and end in the mark of a long message, whose middle was left out."""
MESSAGES_MAX = 2**20
"""Messages beyond this number are only counted."""
MARKS_MAX_BYTES = 64 * 2**20
"""Once the marks take this many bytes, no more are stored."""
_WHOLE_MAX_BYTES = 2**17
"""Bytes. A longer message is digested piece by piece; a shorter one is hashed when it is complete."""
_DIGEST_BYTES = 8


class MessageLog:
    """Stores for each message a digest of 64 bits (valid in this process only), a size and a mark."""

    def __init__(self) -> None:
        self.messages = 0
        self.payload_bytes = 0
        self.digests = array("q")
        self.sizes = array("Q")
        self.chunks = ByteChunks()
        self._marks = bytearray()
        self._mark_ends = array("Q")
        self._pieces = bytearray()
        self._long: blake2b | None = None
        self._size = 0
        self._notes = True

    def only_counts(self) -> None:
        """From now on only count messages and bytes."""
        self._notes = False

    @property
    def fed_bytes(self) -> int:
        """Bytes of payload, including the part of an incomplete message that has come."""
        return self.payload_bytes + self._size

    @property
    def unfinished_bytes(self) -> int:
        """Bytes of payload that have come of an incomplete message; 0 between two messages."""
        return self._size

    @property
    def complete(self) -> bool:
        """Whether the digest of every message is stored."""
        return len(self.digests) == self.messages

    @property
    def marked(self) -> bool:
        """Whether the mark of every message is stored."""
        return len(self._mark_ends) == self.messages

    def marks(self, start: int, stop: int) -> list[bytes]:
        """The marks of the messages from ``start`` to ``stop``."""
        places = range(max(0, start), min(stop, len(self._mark_ends)))
        return [
            bytes(self._marks[self._mark_ends[place - 1] if place else 0 : self._mark_ends[place]])
            for place in places
        ]

    def add(self, messages: Sequence[bytes]) -> None:
        """Add whole messages, in order. Many short messages are added without a Python step for each."""
        if not self._notes:
            self.messages += len(messages)
            self.payload_bytes += sum(map(len, messages))
            return
        joined = b"".join(messages)
        self.chunks.feed(joined)
        room = MESSAGES_MAX - self.messages
        self.messages += len(messages)
        self.payload_bytes += len(joined)
        noted = messages[: max(0, room)]
        if max(map(len, noted), default=0) > HEAD_BYTES + TAIL_BYTES:
            for message in noted:
                self._note(_digest(message), len(message), message, message[-TAIL_BYTES:])
            return
        self.digests.extend(map(hash, noted))
        self.sizes.extend(map(len, noted))
        if len(self._marks) < MARKS_MAX_BYTES:
            begin = len(self._marks)
            self._marks += joined if len(noted) == len(messages) else b"".join(noted)
            ends = accumulate(map(len, noted), initial=begin)
            next(ends)
            self._mark_ends.extend(ends)

    def feed(self, piece: bytes | bytearray, *, finished: bool) -> None:
        """Add the next part of a message's payload; ``finished``: it is the last part."""
        self._size += len(piece)
        if not self._notes:
            if finished:
                self.messages, self.payload_bytes, self._size = self.messages + 1, self.fed_bytes, 0
            return
        self.chunks.feed(piece)
        if self._long is None:
            self._pieces += piece
            if len(self._pieces) > _WHOLE_MAX_BYTES:
                self._long = blake2b(self._pieces, digest_size=_DIGEST_BYTES)
        else:
            self._long.update(piece)
            self._pieces = self._pieces[:HEAD_BYTES] + (self._pieces[HEAD_BYTES:] + piece)[-TAIL_BYTES:]
        if finished:
            self._end()

    def _end(self) -> None:
        pieces = bytes(self._pieces)
        self.messages += 1
        self.payload_bytes += self._size
        if self.messages <= MESSAGES_MAX:
            digest = _digest(pieces) if self._long is None else _number(self._long)
            self._note(digest, self._size, pieces, pieces[-TAIL_BYTES:])
        self._pieces, self._long, self._size = bytearray(), None, 0

    def _note(self, digest: int, size: int, head: bytes, tail: bytes) -> None:
        self.digests.append(digest)
        self.sizes.append(size)
        if len(self._marks) < MARKS_MAX_BYTES:
            whole = size <= HEAD_BYTES + TAIL_BYTES
            self._marks += head[:size] if whole else head[:HEAD_BYTES] + CUT + tail
            self._mark_ends.append(len(self._marks))


def _digest(message: bytes) -> int:
    if len(message) <= _WHOLE_MAX_BYTES:
        return hash(message)
    return _number(blake2b(message, digest_size=_DIGEST_BYTES))


def _number(digest: blake2b) -> int:
    return int.from_bytes(digest.digest(), "big", signed=True)
