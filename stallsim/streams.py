"""Sets up the three standard streams, whatever their state: closed, full, a pipe without a reader.

Must be called before anything else opens a descriptor, so that no file or socket gets number 0, 1 or 2.
"""

import errno
import io
import os
import select
import stat
import sys
from typing import TYPE_CHECKING, TextIO

from .signals import Interrupted, raise_if_signalled

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


_LOOK_MS, _READER_MS = 500, 5000
_DIGITS_MAX = 9
"""Of a size; Python refuses to convert thousands of digits."""


class ReaderGone(Exception):
    """Standard output is a pipe whose reader has closed it, since it has read enough.

    It is no OSError, so that no library treats it as an error of its own.
    """


def set_up_streams() -> None:
    """Let standard output raise ReaderGone if its reader has gone, and standard error never raise.

    Characters that the encoding of a stream lacks are written as backslash escapes.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
    output = _Output(1, "wb", closefd=False)
    sys.stdout = _text(output, sys.stdout, at_once=output.isatty())
    sys.stderr = _text(_Complaints(2, "wb", closefd=False), sys.stderr, at_once=True)


def ignore_impossible_sizes() -> None:
    """Remove COLUMNS and LINES from the environment if they are no sizes: then the terminal's own hold.

    The library that draws (rich) prints nothing at a width of 0, and stops at a digit that is not ASCII.
    """
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name, "1")
        if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS_MAX and int(value)):
            del os.environ[name]


def has_hung_up(error: OSError) -> bool:
    """Whether this is the error of writing to standard output after its terminal was closed."""
    return error.errno == errno.EIO and stat.S_ISCHR(os.fstat(1).st_mode)


def flush_for_good() -> None:
    """Write what is left, and drop what cannot be written, so that Python prints no error at its exit."""
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ReaderGone, ValueError, Interrupted):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _text(raw: io.FileIO, before: TextIO | None, *, at_once: bool) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=before.encoding if before else "utf-8",
        errors="backslashreplace",
        line_buffering=at_once,
    )


class _Output(io.FileIO):
    """An output stream that waits for its reader, also if another program has made its descriptor
    non-blocking. After a signal it waits for ``_READER_MS`` at most.
    """

    def write(self, data: "ReadableBuffer", /) -> int:
        room = select.poll()
        room.register(self, select.POLLOUT)
        while True:
            waited_ms = 0
            while not room.poll(_LOOK_MS):
                waited_ms += _LOOK_MS
                if waited_ms >= _READER_MS:
                    raise_if_signalled()
            try:
                # no more than a pipe that has room takes without waiting
                written: int | None = super().write(memoryview(data).cast("B")[: select.PIPE_BUF])
            except BrokenPipeError:
                raise ReaderGone from None
            if written is not None:
                return written


class _Complaints(_Output):
    """Standard error. It drops what cannot be written, since a user who has closed it does not want it."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except (OSError, ReaderGone):
            return memoryview(data).nbytes
