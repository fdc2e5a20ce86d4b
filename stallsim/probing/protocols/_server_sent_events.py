"""Cuts ``text/event-stream`` (WHATWG HTML 9.2.6) into messages: an event, the lines up to a blank line, is
one.

A block that has only comments (lines that begin with a colon) dispatches no event: it shows that the
server is alive, needs no answer, and is no message.
"""

import re
from collections.abc import Iterator

from ...stream_protocol import Piece
from ._bodies import Body

_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r|\n\r\n|\r\n\n")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_LINE_ENDS = b"\r\n"
_HELD_BYTES = 4096
"""Bytes. A longer block is passed on before it is complete, since no comment is that long."""
_BLANK_MAX_BYTES = 4


class ServerSentEvents(Body):
    """Cuts the stream at its blank lines, wherever the network has cut it."""

    def __init__(self) -> None:
        self._held = b""
        self._begun = False
        """Whether a part of the current event has been passed on."""

    def feed(self, data: bytes, *, ends_chunk: bool) -> Iterator[Piece]:
        waiting, at = self._held + data, 0
        for blank in _BLANK_LINE.finditer(waiting):
            yield from self._dispatch(waiting[at : blank.start()])
            at = blank.end()
        self._held = waiting[at:] if self._begun else waiting[at:].lstrip(_LINE_ENDS)
        if len(self._held) > _HELD_BYTES:
            yield Piece(self._held[:-_BLANK_MAX_BYTES], finished=False)
            self._held, self._begun = self._held[-_BLANK_MAX_BYTES:], True

    def _dispatch(self, block: bytes) -> Iterator[Piece]:
        block = block if self._begun else block.lstrip(_LINE_ENDS)
        if self._begun or any(line and not line.startswith(b":") for line in _LINE_END.split(block)):
            yield Piece(block, finished=True)
        self._begun = False
