"""A process that uses the machine up until it is ended: ``python -m benchmarks.neighbour WHAT NICENESS``.

``spins``: a core. ``copies``: memory and the page cache, in pieces of many sizes, so that the kernel's own
thread for packets (ksoftirqd) is late, and free pages are other ones each time.
"""

import os
import random
import sys
import tempfile
from collections.abc import Callable

_MIB = 2**20


def spins() -> None:
    """Keep a core busy."""


def copies() -> None:
    """Touch new pages, copy them, and write them to a file that is gone at once."""
    piece = bytearray(random.randint(1, 48) * _MIB)
    piece[::4096] = b"x" * len(piece[::4096])
    with tempfile.TemporaryFile() as file:
        file.write(bytes(piece))


WAYS: dict[str, Callable[[], None]] = {way.__name__: way for way in (spins, copies)}

if __name__ == "__main__":
    work = WAYS[sys.argv[1]]
    os.nice(int(sys.argv[2]))
    sys.stdout.write("\n")
    sys.stdout.flush()
    while True:
        work()
