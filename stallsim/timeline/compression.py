"""Compresses recordings: by the suffix ``.gz`` or ``.zst`` on writing, by the first bytes on reading.

A file consists of many small compressed pieces, each complete in itself (members of RFC 1952, frames of
RFC 8878, which may follow each other). A killed run loses at most the newest piece, and ``zcat`` reads
all.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from ..errors import RecordingError, Unavailable

PIECE_BYTES = 256 * 1024
"""Uncompressed bytes in a piece, which a killed run may lose."""
_GZIP_LEVEL, _ZSTD_LEVEL = 5, 3
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_READ_BYTES = 2**17
LINE_BYTES_MAX = 16 * 2**20
"""A longer line is no record, and of a file without line ends no more is read."""

Compress = Callable[[bytes], bytes]


def compressor_for(path: Path) -> Compress | None:
    """The function that compresses bytes to a complete piece; None if the suffix asks for no compression.

    Raises Unavailable if the suffix is ``.zst`` and the library is not installed.
    """
    match path.suffix:
        case ".gz":
            return lambda data: gzip.compress(data, _GZIP_LEVEL, mtime=0)
        case ".zst":
            _require_zstandard(path)
            import zstandard  # noqa: PLC0415 - an extra

            return zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True).compress
        case _:
            return None


def open_lines(path: Path) -> "BoundedLines":
    """The file's lines. Raises OSError, and Unavailable like ``compressor_for``."""
    file = path.open("rb")
    head = file.peek(len(_ZSTD))
    if head.startswith(_GZIP):
        return BoundedLines(path, file, cast(BinaryIO, gzip.GzipFile(fileobj=file)))
    if head.startswith(_ZSTD):
        _require_zstandard(path)
        import zstandard  # noqa: PLC0415 - an extra

        reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        return BoundedLines(path, file, BufferedReader(cast(RawIOBase, reader), _READ_BYTES))
    return BoundedLines(path, file, file)


class BoundedLines:
    """Iterates over lines of bounded length, with their line ends. An incomplete compressed piece ends the
    file.
    """

    def __init__(self, path: Path, file: BinaryIO, text: BinaryIO) -> None:
        self._path, self._file, self._text = path, file, text

    def __iter__(self) -> Iterator[bytes]:
        try:
            while line := self._text.readline(LINE_BYTES_MAX + 1):
                yield line
        except EOFError:
            return  # the file was cut off: all whole lines have been read
        except (zlib.error, gzip.BadGzipFile) as error:
            raise RecordingError(f"{self._path}: what is compressed in it is damaged: {error}") from None
        except Exception as error:
            if type(error).__module__.partition(".")[0] != "zstandard":
                raise
            raise RecordingError(f"{self._path}: what is compressed in it is damaged: {error}") from None

    def __enter__(self) -> "BoundedLines":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _require_zstandard(path: Path) -> None:
    if find_spec("zstandard") is None:
        raise Unavailable(
            f"{path}: compressed with Zstandard",
            "zstandard is not installed",
            "pip install 'stallsim[zstd]' installs it, and .gz needs nothing",
        )
