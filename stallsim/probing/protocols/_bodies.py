"""Cuts the body of an HTTP answer into messages: a chunk is one, or else a line."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from ...stream_protocol import Piece

_LINE_MAX_BYTES = 65536
"""The largest piece, in bytes, into which a body without lines is cut."""
_CHUNKS_OF_A_LINE_MAX = 64


class Body(ABC):
    """Cuts a body into messages while it comes."""

    @abstractmethod
    def feed(self, data: bytes, *, ends_chunk: bool) -> Iterator[Piece]:
        """The parts of messages in ``data``."""

    def end(self) -> Iterator[Piece]:
        """The last part of a message when the body ends, if one is incomplete."""
        yield from ()


class Chunks(Body):
    """Transfer-Encoding: chunked (RFC 9112 7.1). A chunk is one message.

    A server's buffer may cut a long line into several chunks. So if chunks end with a line's end, a chunk
    that does not is continued by the next.
    """

    def __init__(self) -> None:
        self._ends_with = b""
        self._patience = 0
        """The number of further chunks that may pass before a line's end is no longer expected."""
        self._begun = False

    def feed(self, data: bytes, *, ends_chunk: bool) -> Iterator[Piece]:
        self._ends_with = data[-1:] or self._ends_with
        finished = ends_chunk and self._ends_message()
        self._begun = not finished
        yield Piece(data, finished=finished)

    def _ends_message(self) -> bool:
        if self._ends_with == b"\n":
            self._patience = _CHUNKS_OF_A_LINE_MAX
            return True
        self._patience = max(0, self._patience - 1)
        return not self._patience

    def end(self) -> Iterator[Piece]:
        if self._begun:
            self._begun = False
            yield Piece(b"", finished=True)


class LineBody(Body):
    """A body that ends by its length or by the end of TCP: each of its lines is a message."""

    def __init__(self) -> None:
        self._size = 0
        """Bytes of the current line that have come."""

    def feed(self, data: bytes, *, ends_chunk: bool) -> Iterator[Piece]:
        *lines, rest = data.split(b"\n")
        for line in lines:
            yield from self._part(line)
            yield from self.end()
        yield from self._part(rest)

    def _part(self, part: bytes) -> Iterator[Piece]:
        """Pieces of a part of a line; a line that is too long is cut."""
        while self._size + len(part) > _LINE_MAX_BYTES:
            room = _LINE_MAX_BYTES - self._size
            yield Piece(part[:room], finished=True)
            part, self._size = part[room:], 0
        if part:
            self._size += len(part)
            yield Piece(part, finished=False)

    def end(self) -> Iterator[Piece]:
        if self._size:
            self._size = 0
            yield Piece(b"", finished=True)
