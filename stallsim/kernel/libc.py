"""Calls system calls that the standard library of Python 3.11 lacks, by their names in libc."""

import ctypes
import errno
import os


def call(name: str, *arguments: object) -> None:
    """Call a function that returns 0 on success. Raises OSError, which names it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno() or errno.EPERM
        raise OSError(number, os.strerror(number), name)
