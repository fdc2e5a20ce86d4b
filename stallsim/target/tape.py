"""What one client was given, message by message, in bounded memory: digests, sizes, heads."""

from array import array
from collections import deque
from hashlib import blake2b

from .numbering import Numbering

HEAD_BYTES = 256
"""As much of a message as is looked at for a number."""
_HEADS = 200
MESSAGES_MAX = 2**20
"""Beyond this many, a tape only counts."""
_DIGEST_BYTES = 8


class Tape:
    """Fed with pieces of messages as they come; each message becomes 8 bytes of BLAKE2b."""

    def __init__(self) -> None:
        self.messages = 0
        self.payload_bytes = 0
        self.digests = array("Q")
        self.sizes = array("L")
        self.numbers = array("q")
        """From ``number_by`` on: each message's number, -1 where it has none."""
        self.numbers_from = 0
        self.heads: deque[bytes] = deque(maxlen=_HEADS)
        """Of the latest messages, to find a number in."""
        self._numbering: Numbering | None = None
        self._begin()

    @property
    def complete(self) -> bool:
        """Whether every message is on it."""
        return len(self.digests) == self.messages

    @property
    def stride(self) -> int:
        """By how much the numbers grow with each message; 0: none are noted."""
        return 0 if self._numbering is None else self._numbering.stride

    def number_by(self, numbering: Numbering) -> None:
        """From the next message on, note its number, too."""
        self._numbering = numbering
        self.numbers_from = self.messages

    def feed(self, piece: bytes | bytearray, *, finished: bool) -> None:
        """A part of a message's payload, in order; ``finished``: the last one."""
        self._hash.update(piece)
        self._size += len(piece)
        if len(self._head) < HEAD_BYTES:
            self._head += piece[: HEAD_BYTES - len(self._head)]
        if finished:
            self._end()

    def _begin(self) -> None:
        self._hash = blake2b(digest_size=_DIGEST_BYTES)
        self._size = 0
        self._head = bytearray()

    def _end(self) -> None:
        self.messages += 1
        self.payload_bytes += self._size
        self.heads.append(bytes(self._head))
        if self.messages <= MESSAGES_MAX:
            self.digests.append(int.from_bytes(self._hash.digest(), "big"))
            self.sizes.append(self._size)
            if self._numbering is not None:
                self.numbers.append(self._numbering.read(bytes(self._head)))
        self._begin()
