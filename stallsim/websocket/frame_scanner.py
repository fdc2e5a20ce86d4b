"""Finds the frames in a server's stream (RFC 6455 5.2) with as little work per frame as Python allows.

Messages are many and their frames simple, so their headers are scanned over a whole read at once. Rare
frames, such as a Close or invalid ones, are passed to wsproto unchanged.
"""

from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Protocol

from ..stream_protocol import ProtocolError

_LENGTH_16, _LENGTH_64, _MASKED_FROM = 126, 127, 128
_FIN = 0x80
_HEADER_MAX_BYTES = 10


class _Opcode(IntEnum):
    CONTINUATION = 0
    TEXT = 1
    BINARY = 2


_PING, _PONG = _FIN | 9, _FIN | 10
_NOTHING = bytes((_Opcode.CONTINUATION, 0))
"""The header of an empty frame that continues a message and does not end it."""
_PING_OR_PONG = frozenset({_PING, _PONG})
_WHOLE = frozenset({_FIN | _Opcode.TEXT, _FIN | _Opcode.BINARY})
"""The first bytes of messages that are one frame."""


class Sink(Protocol):
    """Receives the messages of a stream, in order."""

    def add(self, messages: Sequence[bytes], /) -> None:
        """Receive whole messages."""

    def feed(self, piece: bytes, /, *, finished: bool) -> None:
        """Receive a part of a message; ``finished``: the last part."""

    def take_ping(self, payload: bytes, /) -> None:
        """Receive a Ping."""

    def take_pong(self, payload: bytes, /) -> None:
        """Receive a Pong."""


class FrameScanner:
    """Scans the bytes that are read. Raises ProtocolError for text that is not UTF-8, and for a message
    that begins within another or continues none.
    """

    def __init__(self, sink: Sink, control: Callable[[bytes], None]) -> None:
        """``control`` is called with each other frame as a whole."""
        self._sink, self._control = sink, control
        self._rest = b""
        self._left = 0
        """Bytes of payload that are still to come of the current frame."""
        self._final = True
        self._inside: _Opcode | None = None
        """The opcode of the incomplete message; None if there is none."""
        self._decoder = getincrementaldecoder("utf-8")()

    def feed(self, data: bytes) -> None:
        """Process the next bytes of the connection."""
        data = self._rest + data if self._rest else data
        self._rest = b""
        place, size = 0, len(data)
        while place < size:
            if self._left:
                place = self._continue(data, place)
                continue
            place = self._pings_and_pongs(data, self._whole_ones(data, place))
            if place < size:
                begun = self._one(data, place)
                if begun is None:
                    self._rest = data[place:]
                    return
                place = begun

    def _whole_ones(self, data: bytes, place: int) -> int:
        """Take all messages from here that are one whole frame each; return where the next frame begins."""
        if self._inside is not None:
            return place
        size, messages, texts = len(data), [], []
        while place + 1 < size and (first := data[place]) in _WHOLE:
            length, begin = data[place + 1], place + 2
            if length >= _LENGTH_16:
                if length >= _MASKED_FROM or size - place < _HEADER_MAX_BYTES:
                    break
                begin += 2 if length == _LENGTH_16 else 8
                length = int.from_bytes(data[place + 2 : begin], "big")
            end = begin + length
            if end > size:
                break
            message = data[begin:end]
            messages.append(message)
            if first == _FIN | _Opcode.TEXT:
                texts.append(message)
            place = end
        if messages:
            if texts:
                self._check(texts)
            self._sink.add(messages)
        return place

    def _pings_and_pongs(self, data: bytes, place: int) -> int:
        """Take all Pings and Pongs from here, which may be very many; return where the
        next frame begins.
        """
        size = len(data)
        while place + 1 < size and (first := data[place]) in _PING_OR_PONG:
            begin = place + 2
            end = begin + data[place + 1]
            if data[place + 1] >= _LENGTH_16 or end > size:
                break
            take = self._sink.take_ping if first == _PING else self._sink.take_pong
            take(data[begin:end])
            place = end
        return place

    def _check(self, texts: list[bytes]) -> None:
        if not all(map(bytes.isascii, texts)):
            for text in texts:
                self._decode(text, finished=True)

    def _one(self, data: bytes, place: int) -> int | None:
        """Take a frame that is not a whole message; None if it is not complete."""
        size = len(data) - place
        if size < 2:
            return None
        first, length, head = data[place], data[place + 1], 2
        if length in (_LENGTH_16, _LENGTH_64):
            head += 2 if length == _LENGTH_16 else 8
            if size < head:
                return None
            length = int.from_bytes(data[place + 2 : place + head], "big")
        opcode = first & ~_FIN
        if (
            data[place + 1] >= _MASKED_FROM
        ):  # a server must not mask: the bytes are invalid, and no frame follows
            self._control(data[place:])
            return len(data)
        if opcode > _Opcode.BINARY:
            whole = place + head + (length & 0x7F)  # control frames are not longer
            if len(data) < whole:
                return None
            self._control(data[place:whole])
            return whole
        if (opcode == _Opcode.CONTINUATION) is (self._inside is None):
            raise ProtocolError("a message within a message, or a continuation of none")
        if opcode != _Opcode.CONTINUATION:
            self._inside = _Opcode(opcode)
        self._left, self._final = length, bool(first & _FIN)
        if not length and self._final:
            self._take(b"", finished=True)
        place += head
        while not length and not self._final and data.startswith(_NOTHING, place):
            place += len(_NOTHING)
        return place

    def _continue(self, data: bytes, place: int) -> int:
        piece = data[place : place + self._left]
        self._left -= len(piece)
        self._take(piece, finished=self._final and not self._left)
        return place + len(piece)

    def _take(self, piece: bytes, *, finished: bool) -> None:
        if self._inside is _Opcode.TEXT:
            self._decode(piece, finished=finished)
        self._sink.feed(piece, finished=finished)
        if finished:
            self._inside = None

    def _decode(self, piece: bytes, *, finished: bool) -> None:
        if piece.isascii() and not self._decoder.getstate()[0]:
            return
        try:
            self._decoder.decode(piece, final=finished)
        except UnicodeDecodeError as error:
            raise ProtocolError(f"a text message is not UTF-8: {error.reason}") from None
