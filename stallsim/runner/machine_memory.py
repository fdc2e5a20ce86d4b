"""Watches whether the memory of the whole machine runs short, since a private stack has no memory of its
own.
"""

import time
from collections.abc import Iterator

from ..kernel.large_pages import free_memory
from ..kernel.tcp_memory import tcp_memory
from ..timeline.events.kernel import LargePagesShort, TcpMemoryPressure
from ..timeline.events.what import What

_EVERY_S = 0.02
"""Seconds of wall time between two readings, since other processes may use the memory up at any moment."""
_PIECES = 512
"""Pieces of 32 KiB: more than a run and other processes take in that time."""


class MachineMemory:
    """Reads the memory regularly, and reports each kind of shortage once."""

    def __init__(self, *, lockstep: bool) -> None:
        """``lockstep``: also report shortages that shift only single bytes."""
        self._due_s = 0.0
        self._tcp, self._pages = True, lockstep
        """The kinds of shortage that have not been reported yet."""

    def look(self, *, last: bool, short: bool = False) -> Iterator[What]:
        """The new shortages. ``last``: read in any case. ``short``: a connection has shown that
        memory ran short.
        """
        now_s = time.perf_counter()
        if not (last or now_s >= self._due_s):
            return
        self._due_s = now_s + _EVERY_S
        if self._tcp and (tcp := tcp_memory()) is not None and (tcp.pressed or short):
            self._tcp = False
            yield TcpMemoryPressure(used_pages=tcp.used_pages, pressure_pages=tcp.pressure_pages)
        if self._pages and (free := free_memory()) is not None and free.short_of(_PIECES):
            self._pages = False
            yield LargePagesShort(pieces=free.pieces, free_kib=free.free_kib)
