"""What one client was given, message by message, in bounded memory: digests, sizes, marks."""

from array import array
from hashlib import blake2b

HEAD_BYTES, TAIL_BYTES = 192, 64
"""As much of a message's two ends as is looked at for a number, or for what names the client."""
CUT = b"\0"
"""Between the two, where something was left out."""
MESSAGES_MAX = 2**20
"""Beyond this many, a log only counts."""
MARKS_MAX_BYTES = 64 * 2**20
"""Beyond this much, marks are no longer kept."""
_DIGEST_BYTES = 8


class MessageLog:
    """Fed with pieces of messages as they come; each message becomes 8 bytes of BLAKE2b and a mark."""

    def __init__(self) -> None:
        self.messages = 0
        self.payload_bytes = 0
        self.digests = array("Q")
        self.sizes = array("L")
        self._marks = bytearray()
        self._mark_ends = array("Q")
        self._begin()

    @property
    def complete(self) -> bool:
        """Whether every message is on it."""
        return len(self.digests) == self.messages

    @property
    def marked(self) -> bool:
        """Whether every message's mark is on it."""
        return len(self._mark_ends) == self.messages

    def marks(self, start: int, stop: int) -> list[bytes]:
        """The ends of those messages: the whole of a short one, head and tail of a long one."""
        places = range(max(0, start), min(stop, len(self._mark_ends)))
        return [
            bytes(self._marks[self._mark_ends[place - 1] if place else 0 : self._mark_ends[place]])
            for place in places
        ]

    def feed(self, piece: bytes | bytearray, *, finished: bool) -> None:
        """A part of a message's payload, in order; ``finished``: the last one."""
        self._hash.update(piece)
        room = HEAD_BYTES - len(self._head)
        if room > 0:
            self._head += piece[:room]
        rest = piece[max(0, room) :]
        if rest:
            self._tail += rest[-TAIL_BYTES:]
            del self._tail[:-TAIL_BYTES]
        self._size += len(piece)
        if finished:
            self._end()

    def _begin(self) -> None:
        self._hash = blake2b(digest_size=_DIGEST_BYTES)
        self._size = 0
        self._head = bytearray()
        self._tail = bytearray()

    def _end(self) -> None:
        self.messages += 1
        self.payload_bytes += self._size
        if self.messages <= MESSAGES_MAX:
            self.digests.append(int.from_bytes(self._hash.digest(), "big"))
            self.sizes.append(self._size)
            if len(self._marks) < MARKS_MAX_BYTES:
                cut = CUT if self._size > HEAD_BYTES + TAIL_BYTES else b""
                self._marks += self._head + cut + self._tail
                self._mark_ends.append(len(self._marks))
        self._begin()
