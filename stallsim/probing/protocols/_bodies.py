"""What is a message in the body of an answer that is no event stream: a chunk, or else a line."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from ...stream_protocol import Piece

_LINE_MAX_BYTES = 65536
"""A body without lines is cut into pieces of so much."""
_CHUNKS_OF_A_LINE_MAX = 64


class Body(ABC):
    """Fed with the body as it comes."""

    @abstractmethod
    def feed(self, data: bytes, *, ends_chunk: bool) -> Iterator[Piece]:
        """The parts of messages in it."""

    def end(self) -> Iterator[Piece]:
        """What is still to be said of the body when it ends."""
        yield from ()


class Chunks(Body):
    """Transfer-Encoding: chunked (RFC 9112 7.1): what the server wrote in one go is one message.

    A server's own buffer may cut a long line into chunks. So where chunks end with lines, one that does
    not is continued by the next.
    """

    def __init__(self) -> None:
        self._ends_with = b""
        self._patience = 0
        """So many more chunks are waited for the end of a line."""
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
    """Delimited by its length, or by the end of TCP: it has no other marks than the ends of its lines."""

    def __init__(self) -> None:
        self._size = 0
        """Of the line that has not ended."""

    def feed(self, data: bytes, *, ends_chunk: bool) -> Iterator[Piece]:
        *lines, rest = data.split(b"\n")
        for line in lines:
            yield from self._part(line)
            yield from self.end()
        yield from self._part(rest)

    def _part(self, part: bytes) -> Iterator[Piece]:
        """A part of a line, which is cut where it is too long."""
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
