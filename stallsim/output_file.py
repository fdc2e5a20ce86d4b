"""A file that a command writes: opened without touching its content, and by one process at a time."""

import errno
import fcntl
import os
import select
import stat
from contextlib import suppress
from pathlib import Path

from .errors import StallsimError

_READER_S = 10.0


class OutputFile:
    """An open file, device or pipe.

    Raises ``error`` if the path exists and ``force`` is not given, if the file is being written already
    (two writers would make it unreadable), if it is a pipe without a reader, or if it cannot be opened.
    """

    def __init__(self, path: Path, *, force: bool, error: type[StallsimError]) -> None:
        self.path = path
        there = path.exists()
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (0 if force else os.O_EXCL)
        try:
            # O_NONBLOCK: nothing waits for ever for the reader of a pipe, neither the opening nor a write
            self.descriptor = os.open(path, flags | os.O_NONBLOCK, 0o600)
        except FileExistsError:
            if not path.is_file():
                raise error(f"{path}: exists and is not a file") from None
            raise error(f"{path}: exists; `force=True` overwrites it") from None
        except OSError as problem:
            unread = problem.errno == errno.ENXIO and path.is_fifo()
            why = "it is a pipe without a reader" if unread else problem.strerror
            raise error(f"{path}: cannot be written: {why}") from None
        status = os.fstat(self.descriptor)
        self.regular = stat.S_ISREG(status.st_mode)
        """Whether it has a content that can be replaced."""
        self.new = self.regular and not there
        """Whether it did not exist before."""
        self._has_name = status.st_nlink > 0
        if self.regular and not self._locked():
            os.close(self.descriptor)
            raise error(f"{path}: is being written already, by this command or by another process")

    @property
    def removed(self) -> bool:
        """Whether its last name was removed since it was opened: what is written to it is lost."""
        return self._has_name and os.fstat(self.descriptor).st_nlink == 0

    def write(self, data: bytes | memoryview) -> None:
        """Write all of the data. Raises OSError, also if the reader of a pipe has stopped reading."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self.descriptor, rest) :]
            except BlockingIOError:
                self._await_reader()

    def empty(self) -> None:
        """Remove the content, if it is a file. Raises OSError."""
        if self.regular:
            os.lseek(self.descriptor, 0, os.SEEK_SET)
            os.ftruncate(self.descriptor, 0)

    def close(self) -> None:
        """Close it; a forked child that has the descriptor, too, does not keep the file locked."""
        if self.regular:
            with suppress(OSError):  # of a file system without locks
                fcntl.flock(self.descriptor, fcntl.LOCK_UN)
        os.close(self.descriptor)

    def _await_reader(self) -> None:
        room = select.poll()
        room.register(self.descriptor, select.POLLOUT)
        if not room.poll(_READER_S * 1000):
            raise TimeoutError(errno.ETIMEDOUT, f"its reader has not read for {_READER_S:g} s")

    def _locked(self) -> bool:
        """Whether this process is the only one that has opened it so; True where there are no locks."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # of a file system without locks
            return True
        return True
