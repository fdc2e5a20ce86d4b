"""A file that a command writes: opened without touching its content, and by one process at a time."""

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

from .errors import StallsimError


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
            # O_NONBLOCK: opening a pipe that nobody reads fails; otherwise it would wait for a reader
            self.descriptor = os.open(path, flags | os.O_NONBLOCK, 0o600)
        except FileExistsError:
            if not path.is_file():
                raise error(f"{path}: exists and is not a file") from None
            raise error(f"{path}: exists; `force=True` overwrites it") from None
        except OSError as problem:
            unread = "it is a pipe without a reader" if path.is_fifo() else problem.strerror
            raise error(f"{path}: cannot be written: {unread}") from None
        os.set_blocking(self.descriptor, True)
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
        """Write all of the data. Raises OSError."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self.descriptor, rest) :]

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

    def _locked(self) -> bool:
        """Whether this process is the only one that has opened it so; True where there are no locks."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # of a file system without locks
            return True
        return True
