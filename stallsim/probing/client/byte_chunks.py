"""The bytes of a stream in chunks that its contents delimit, whatever frames they came in.

Servers join what waits for a slow client into other frames than those of a client that reads at once. Where
a chunk ends depends on the bytes before it alone (content-defined chunking, as of LBFS and rsyncable gzip),
so the same bytes give the same chunks, and the two streams are compared as sequences of digests.
"""

import re
from array import array
from zlib import crc32

CHUNK_MIN_BYTES, CHUNK_MAX_BYTES = 256, 65536
CHUNKS_MAX = 2**20
"""Beyond this many, only bytes are counted."""
_CANDIDATE = re.compile(rb"[\x00\x10\x7f\xff\n}>\]0369aeos][\x01\x20\x80\xfe\"{,:<1258tnr]")
"""Ends of words and records in text, one pair in 256 of random bytes; none inside a run of one byte."""
_WINDOW_BYTES, _ONE_IN = CHUNK_MIN_BYTES, 4
_CANDIDATES_MAX = 64
"""Where so many candidates in a row are no end, the bytes repeat, and no later candidate will be one."""


class ByteChunks:
    """Fed with pieces as they come; keeps a digest and a size for each chunk."""

    def __init__(self) -> None:
        self.digests = array("q")
        self.sizes = array("I")
        self.complete = True
        """Whether every chunk that has ended is in the log."""
        self._rest = b""
        self._looked = CHUNK_MIN_BYTES
        """Up to this index the rest is known to contain no end of a chunk."""
        self._candidates = 0
        """Of the chunk that has not ended: so many were no end."""

    def feed(self, piece: bytes | bytearray) -> None:
        """The next bytes of the stream."""
        if not self.complete:
            return
        data, begin, look = self._rest + piece, 0, self._looked
        while True:
            end = self._find_end(data, begin, look)
            if end is None:
                break
            chunk = data[begin:end]
            self.digests.append(hash(chunk))
            self.sizes.append(len(chunk))
            begin, look, self._candidates = end, end + CHUNK_MIN_BYTES, 0
        self._rest = data[begin:]
        self._looked = max(CHUNK_MIN_BYTES, len(self._rest) - 1)
        self.complete = len(self.digests) < CHUNKS_MAX

    def _find_end(self, data: bytes, begin: int, look: int) -> int | None:
        """Where the chunk that begins there ends; None where that has not come yet."""
        if self._candidates < _CANDIDATES_MAX:
            for candidate in _CANDIDATE.finditer(data, look, begin + CHUNK_MAX_BYTES):
                end = candidate.end()
                if crc32(data[end - _WINDOW_BYTES : end]) % _ONE_IN == 0:
                    return end
                self._candidates += 1
                if self._candidates == _CANDIDATES_MAX:
                    break
        return begin + CHUNK_MAX_BYTES if len(data) - begin >= CHUNK_MAX_BYTES else None
