"""System calls that the standard library of Python 3.11 does not have, by their names in libc."""

import ctypes
import errno
import os


def call(name: str, *arguments: object) -> None:
    """One of those that return 0 where they succeed. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno() or errno.EPERM
        raise OSError(number, os.strerror(number))
