"""The memory of the whole machine, which no private stack has for itself: whether it ran short."""

import time
from collections.abc import Iterator

from ..kernel.large_pages import free_memory
from ..kernel.tcp_memory import tcp_memory
from ..timeline import events

_EVERY_S = 0.02
"""How often it is looked at, in wall time: others may use it up at any moment."""
_PIECES = 512
"""Of 32 KiB: more than any run of ours takes in that time, and others beside it."""


class MachineMemory:
    """Looks at it now and then, and says once of each kind that it ran short."""

    def __init__(self, *, lockstep: bool) -> None:
        """``lockstep``: also at what moves single bytes only."""
        self._due_s = 0.0
        self._tcp, self._pages = True, lockstep
        """What is still looked at."""

    def look(self, *, last: bool, shrank: bool = False) -> Iterator[events.What]:
        """``last``: whenever the last look was. ``shrank``: a window did, as where it runs short."""
        now_s = time.perf_counter()
        if not (last or now_s >= self._due_s):
            return
        self._due_s = now_s + _EVERY_S
        if self._tcp and (tcp := tcp_memory()) is not None and (tcp.pressed or shrank):
            self._tcp = False
            yield events.TcpMemoryPressure(used_pages=tcp.used_pages, pressure_pages=tcp.pressure_pages)
        if self._pages and (free := free_memory()) is not None and free.short_of(_PIECES):
            self._pages = False
            yield events.LargePagesShort(pieces=free.pieces, free_kib=free.free_kib)
