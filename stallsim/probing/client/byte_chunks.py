"""Cuts a stream's bytes into chunks whose ends depend on the bytes only, not on the frames around them.

When messages wait for a slow client, some servers put several into one frame, so the frames of two clients
differ. A chunk's end depends only on the bytes just before it (content-defined chunking, as in LBFS and
rsyncable gzip). Equal bytes therefore give equal chunks, and two streams are compared as sequences of
digests. Bytes that servers put between the messages of one frame (a line's end, the brackets and commas of
a JSON array) are left out everywhere, since the other client's frames do not have them there.
"""

import re
from array import array
from zlib import crc32

CHUNK_MIN_BYTES, CHUNK_MAX_BYTES = 256, 65536
CHUNKS_MAX = 2**20
"""A stream's chunks beyond this number are not recorded."""
_CANDIDATE = re.compile(rb"[\x00\x10\x7f\xff\n}>\]0369aeos][\x01\x20\x80\xfe\"{,:<1258tnr]")
"""Matches pairs of bytes that may end a chunk: ends of words and records in text, one pair in 256 of
random bytes, and no pair inside a run of one repeated byte.
"""
_SEPARATORS = b"[], \n\r\x1e"
"""Bytes that are left out: those of a JSON array, of lines, and the record separator."""
_WINDOW_BYTES, _ONE_IN = CHUNK_MIN_BYTES, 4
_CANDIDATES_MAX = 64
"""If this many candidates in a row do not end a chunk, the bytes repeat, and no later candidate will end
one.
"""


class ByteChunks:
    """Cuts a stream, which ``feed`` takes in pieces, into chunks, and stores a digest and a size for each
    chunk.
    """

    def __init__(self) -> None:
        self.digests = array("q")
        self.sizes = array("I")
        self.cut_bytes = 0
        """Bytes of the stream in the finished chunks, and those that were left out between them."""
        self.complete = True
        """Whether the digest of every finished chunk is stored."""
        self._rest = b""
        self._fed_bytes = 0
        self._looked = CHUNK_MIN_BYTES
        """No chunk ends in ``_rest`` before this index."""
        self._candidates = 0
        """The number of candidates in the current chunk that did not end it."""

    def feed(self, piece: bytes | bytearray) -> None:
        """Add the next bytes of the stream."""
        if not self.complete:
            return
        self._fed_bytes += len(piece)
        data, begin, look = self._rest + piece.translate(None, _SEPARATORS), 0, self._looked
        while True:
            end = self._find_end(data, begin, look)
            if end is None:
                break
            chunk = data[begin:end]
            self.digests.append(hash(chunk))
            self.sizes.append(len(chunk))
            begin, look, self._candidates = end, end + CHUNK_MIN_BYTES, 0
        self._rest = data[begin:]
        self.cut_bytes = self._fed_bytes - len(self._rest)
        self._looked = max(CHUNK_MIN_BYTES, len(self._rest) - 1)
        self.complete = len(self.digests) < CHUNKS_MAX

    def _find_end(self, data: bytes, begin: int, look: int) -> int | None:
        """The index at which the chunk that starts at ``begin`` ends; None if its end has not come yet."""
        if self._candidates < _CANDIDATES_MAX:
            for candidate in _CANDIDATE.finditer(data, look, begin + CHUNK_MAX_BYTES):
                end = candidate.end()
                if crc32(data[end - _WINDOW_BYTES : end]) % _ONE_IN == 0:
                    return end
                self._candidates += 1
                if self._candidates == _CANDIDATES_MAX:
                    break
        return begin + CHUNK_MAX_BYTES if len(data) - begin >= CHUNK_MAX_BYTES else None
