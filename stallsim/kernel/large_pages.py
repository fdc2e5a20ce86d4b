"""Free memory in pieces of 32 KiB, in which the kernel keeps what sockets send.

Where it finds none at once, it takes single pages (``skb_page_frag_refill``, net/core/sock.c): a receive
queue falls into other pieces then, each costs memory, and a window shuts at another byte.
"""

import resource
from pathlib import Path
from typing import NamedTuple

PIECE_BYTES = 32 * 1024
_PROTECTED = "DMA"
"""A zone that such memory is not taken from as long as there is another."""


class FreeMemory(NamedTuple):
    """What the whole machine has."""

    pieces: int
    """Of 32 KiB, each in one."""
    free_kib: int
    least_kib: int
    """``vm.min_free_kbytes``: below it only what cannot wait is given any."""

    def short_of(self, pieces: int) -> bool:
        """Whether so many could not be had at once."""
        return self.pieces < pieces or self.free_kib <= self.least_kib


def free_memory() -> FreeMemory | None:
    """The kernel's account (/proc/buddyinfo), at about 40 us; None where it is not to be read."""
    try:
        lines = Path("/proc/buddyinfo").read_text(encoding="utf-8").splitlines()
        least_kib = int(Path("/proc/sys/vm/min_free_kbytes").read_text(encoding="utf-8"))
    except OSError:
        return None
    page_bytes = resource.getpagesize()
    pieces = free_bytes = 0
    for line in lines:
        zone, *counts = line.partition("zone")[2].split()
        if zone == _PROTECTED:
            continue
        for order, count in enumerate(counts):
            size = page_bytes << order
            free_bytes += int(count) * size
            pieces += int(count) * (size // PIECE_BYTES)
    return FreeMemory(pieces, free_bytes // 1024, least_kib)
