"""Reads the free memory in pieces of 32 KiB, in which the kernel stores what sockets send.

If the kernel finds no such piece at once, it takes single pages (``skb_page_frag_refill``,
net/core/sock.c). A receive queue then consists of other pieces, each of which costs memory, and a window
shuts at another byte.
"""

import resource
from pathlib import Path
from typing import NamedTuple

PIECE_BYTES = 32 * 1024
_PROTECTED = "DMA"
"""A zone from which the kernel takes no such memory while there is another zone."""


class FreeMemory(NamedTuple):
    """Free memory of the whole machine."""

    pieces: int
    """The number of contiguous pieces of 32 KiB."""
    free_kib: int
    least_kib: int
    """``vm.min_free_kbytes``: below it the kernel serves only requests that cannot wait."""

    def short_of(self, pieces: int) -> bool:
        """Whether the machine cannot provide this many pieces at once."""
        return self.pieces < pieces or self.free_kib <= self.least_kib


def free_memory() -> FreeMemory | None:
    """Free memory by /proc/buddyinfo, at about 40 us; None if that cannot be read."""
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
